'use client';
import type { ChangeGroupSettings } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { z } from 'zod';
import { SelectField } from '@/ui/field';
import { Card } from '@/ui/states';
import { SwitchField } from '@/ui/switch-field';
import { changesOf, useChange } from './changes.api';
import { Reason } from './number-choice';
import { Standing } from './outcome';
import type { At } from './profile-forms';
import { useTimes } from './use-times';

const SWITCHES = ['announcement', 'locked', 'adding', 'join_approval'] as const;
type Switch = (typeof SWITCHES)[number];
type Asked = Omit<z.input<typeof ChangeGroupSettings>, 'session_id'>;

/** Who may do what, who is let in, and how long messages stay. Each holds at once. */
export function SettingsForm({ group, number }: At) {
  const t = useTranslations('groups.changes.settings');
  const times = useTimes();
  const work = useChange(changesOf(group.jid).settings, group.jid);
  const why = number.cannot.settings ?? null;
  const whyNoTime = number.cannot.ephemeral ?? null;
  const [wanted, setWanted] = useState<Partial<Asked>>();
  const isBusy = work.isAsking || work.isGoingOn;
  const now: Readonly<Record<Switch, boolean>> = {
    announcement: wanted?.announcement ?? group.announcement,
    locked: wanted?.locked ?? group.locked,
    adding: (wanted?.member_add_mode ?? group.member_add_mode) === 'admins',
    join_approval: wanted?.join_approval ?? group.join_approval,
  };
  function ask(asked: Asked): void {
    setWanted(asked);
    work.ask({ session_id: number.session_id, ...asked }, { onSettled: () => setWanted(undefined) });
  }
  const set = (name: Switch, on: boolean): void =>
    ask(name === 'adding' ? { member_add_mode: on ? 'admins' : 'everyone' } : { [name]: on });
  const seconds = wanted?.ephemeral_seconds ?? group.ephemeral_seconds ?? 0;
  return (
    <Card className="grid grid-cols-1 gap-6" aria-label={t('title')}>
      <Reason why={why} />
      {SWITCHES.map((name) => (
        <SwitchField
          key={name}
          label={t(`${name}.label`)}
          hint={t(`${name}.hint`)}
          checked={now[name]}
          disabled={why !== null || isBusy}
          onCheckedChange={(on) => set(name, on)}
        />
      ))}
      <SelectField
        label={t('ephemeral')}
        options={times(seconds)}
        value={String(seconds)}
        disabled={whyNoTime !== null || isBusy}
        onChange={(event) => ask({ ephemeral_seconds: Number(event.target.value) as 0 })}
      />
      {whyNoTime === why ? null : <Reason why={whyNoTime} />}
      <Standing {...work} />
    </Card>
  );
}
