'use client';
import type { QuietHours, SessionView } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, SelectField } from '@/ui/field';
import { Card } from '@/ui/states';
import { SwitchField } from '@/ui/switch-field';
import { BehaviourSettings, ColorSettings } from './behaviour-settings';
import { SessionSettings } from './session-settings';
import { useSetting } from './use-setting';

type Props = { session: SessionView; manages: boolean };

/** What can be set of a number; below what is seen first, and loaded after it. */
export default function NumberSettings(props: Props) {
  const t = useTranslations('sessions.detail');
  return (
    <>
      <Card className="grid gap-5">
        <h2 className="font-semibold">{t('settings')}</h2>
        <SessionSettings {...props} />
        <ColorSettings {...props} />
        <BehaviourSettings {...props} />
        <CallSettings {...props} />
        <QuietSettings {...props} />
      </Card>
      <Card className="grid gap-5">
        <h2 className="font-semibold">{t('proxy.title')}</h2>
        <ProxySettings {...props} />
      </Card>
    </>
  );
}

/** A form whose fields hold when they are saved. */
function Saved({
  save,
  locked,
  children,
}: {
  save: (form: FormData) => void;
  locked: boolean;
  children: React.ReactNode;
}) {
  const t = useTranslations('sessions.detail');
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save(new FormData(event.currentTarget));
      }}
    >
      {children}
      <Button type="submit" look="plain" className="justify-self-start" disabled={locked}>
        {t('save')}
      </Button>
    </form>
  );
}

/** Whether callers are hung up on, and what they are written then. */
function CallSettings(props: Props) {
  const { session } = props;
  const t = useTranslations('sessions.detail.calls');
  const { set, wanted, locked, fault } = useSetting(props);
  const rejects = wanted?.reject_calls ?? session.reject_calls;
  return (
    <div className="grid gap-4">
      <SwitchField
        label={t('label')}
        hint={t('hint')}
        checked={rejects}
        disabled={locked}
        onCheckedChange={(checked) => set({ reject_calls: checked })}
      />
      {rejects ? (
        <Saved locked={locked} save={(form) => set({ reject_calls_text: textOf(form, 'text').trim() || null })}>
          <Field
            key={session.reject_calls_text}
            label={t('text')}
            hint={t('textHint')}
            name="text"
            dir="auto"
            defaultValue={session.reject_calls_text ?? ''}
            maxLength={1000}
            disabled={!props.manages}
          />
        </Saved>
      ) : null}
      {fault}
    </div>
  );
}

const NIGHT = { from: '22:00', to: '07:00' };

/** When nothing leaves. Switched on, it begins with the night of the organization. */
function QuietSettings(props: Props) {
  const { session } = props;
  const t = useTranslations('sessions.detail.quiet');
  const { data: membership } = useMembership();
  const { set, wanted, locked, fault } = useSetting(props);
  const quiet = wanted?.quiet_hours === undefined ? session.quiet_hours : wanted.quiet_hours;
  const home = membership?.organization.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="grid gap-4">
      <SwitchField
        label={t('label')}
        hint={t('hint')}
        checked={quiet !== null}
        disabled={locked}
        onCheckedChange={(checked) => set({ quiet_hours: checked ? { ...NIGHT, time_zone: home } : null })}
      />
      {quiet ? <QuietForm quiet={quiet} locked={locked} save={(hours) => set({ quiet_hours: hours })} /> : null}
      {quiet ? (
        <SelectField
          label={t('of')}
          hint={t('ofHint')}
          value={wanted?.quiet_hours_of ?? session.quiet_hours_of}
          disabled={locked}
          onChange={(event) => set({ quiet_hours_of: event.target.value === 'recipient' ? 'recipient' : 'number' })}
          options={[
            ['number', t('ofNumber')],
            ['recipient', t('ofRecipient')],
          ]}
        />
      ) : null}
      {fault}
    </div>
  );
}

function QuietForm({ quiet, locked, save }: { quiet: QuietHours; locked: boolean; save: (hours: QuietHours) => void }) {
  const t = useTranslations('sessions.detail.quiet');
  const zones = [...new Set([quiet.time_zone, ...Intl.supportedValuesOf('timeZone')])];
  return (
    <Saved
      locked={locked}
      save={(form) => save({ from: textOf(form, 'from'), to: textOf(form, 'to'), time_zone: textOf(form, 'zone') })}
    >
      <div className="grid gap-3 sm:grid-cols-[auto_auto_minmax(0,1fr)]">
        <Field label={t('from')} name="from" type="time" defaultValue={quiet.from} disabled={locked} required />
        <Field label={t('to')} name="to" type="time" defaultValue={quiet.to} disabled={locked} required />
        <SelectField
          label={t('zone')}
          name="zone"
          defaultValue={quiet.time_zone}
          disabled={locked}
          options={zones.map((zone) => [zone, zone.replaceAll('_', ' ')] as const)}
        />
      </div>
    </Saved>
  );
}

/** What the number goes through. Its password is written, and never shown. */
function ProxySettings(props: Props) {
  const { session } = props;
  const t = useTranslations('sessions.detail.proxy');
  const { set, locked, fault } = useSetting(props);
  const [typed, setTyped] = useState('');
  return (
    <div className="grid gap-4">
      <p className="text-sm leading-6 text-quiet">
        {session.proxy ? (
          <>
            {t('now')}{' '}
            <bdi dir="ltr" className="wrap-anywhere text-ink">
              {session.proxy}
            </bdi>
          </>
        ) : (
          t('none')
        )}
      </p>
      {props.manages ? (
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            set({ proxy_url: typed }, () => setTyped(''));
          }}
        >
          <Field
            label={t('label')}
            hint={t('hint')}
            dir="ltr"
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            required
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="plain" disabled={locked}>
              {t('use')}
            </Button>
            {session.proxy ? (
              <Button type="button" look="danger" disabled={locked} onClick={() => set({ proxy_url: null })}>
                {t('remove')}
              </Button>
            ) : null}
          </div>
        </form>
      ) : null}
      {fault}
    </div>
  );
}
