'use client';
import type { SessionView } from '@wasel/backend/contract';
import { MAX_NEW_CHATS_PER_DAY, MAX_PER_MINUTE, SESSION_COLORS } from '@wasel/backend/contract/words';
import { Smartphone } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { SelectField } from '@/ui/field';
import { IconTile } from '@/ui/icon-tile';
import { SwitchField } from '@/ui/switch-field';
import { useSetting } from './use-setting';

type Props = { session: SessionView; manages: boolean };

/** How a number looks in the lists of this organization. */
export function ColorSettings(props: Props) {
  const t = useTranslations('sessions.detail.color');
  const { set, wanted, locked, fault } = useSetting(props);
  const id = useId();
  const color = wanted?.color === undefined ? props.session.color : wanted.color;
  return (
    <fieldset className="grid gap-2" disabled={locked}>
      <legend className="mb-2 text-sm font-medium">{t('label')}</legend>
      <div className="flex flex-wrap gap-2">
        {[null, ...SESSION_COLORS].map((value) => (
          <label
            key={value}
            title={t(value ?? 'none')}
            className="relative rounded-xl border-2 border-transparent p-0.5 has-checked:border-accent has-disabled:opacity-60"
          >
            <input
              type="radio"
              name={id}
              aria-label={t(value ?? 'none')}
              className="absolute inset-0 cursor-pointer appearance-none rounded-xl"
              checked={value === color}
              onChange={() => set({ color: value })}
            />
            <IconTile icon={Smartphone} color={value} />
          </label>
        ))}
      </div>
      {fault}
    </fieldset>
  );
}

const PACES = [3, 6, 10, 15, MAX_PER_MINUTE];
const NEW_CHATS = [0, 5, 10, 20, 30, 50, 100, MAX_NEW_CHATS_PER_DAY];

/** What a program set is among the choices, too. */
const countsWith = (counts: readonly number[], own: number | null): number[] =>
  [...new Set([...counts, ...(own === null ? [] : [own])])].toSorted((a, b) => a - b);

/** How fast a number sends, and what it lets others see. */
export function BehaviourSettings(props: Props) {
  const { session } = props;
  const t = useTranslations('sessions.detail.behaviour');
  const { set, wanted, locked, fault } = useSetting(props);
  const now = { ...session, ...wanted };
  const switches = ['mark_online', 'read_receipts', 'import_history'] as const;
  return (
    <div className="grid gap-6">
      <SelectField
        label={t('pace.label')}
        hint={t('pace.hint')}
        value={String(now.max_per_minute ?? '')}
        disabled={locked}
        onChange={(event) => set({ max_per_minute: event.target.value === '' ? null : Number(event.target.value) })}
        options={[
          ['', t('pace.automatic')],
          ...countsWith(PACES, session.max_per_minute).map(
            (count) => [String(count), t('pace.count', { count })] as const,
          ),
        ]}
      />
      <SelectField
        label={t('new_chats.label')}
        hint={t('new_chats.hint')}
        value={String(now.new_chats_per_day ?? '')}
        disabled={locked}
        onChange={(event) => set({ new_chats_per_day: event.target.value === '' ? null : Number(event.target.value) })}
        options={[
          ['', t('new_chats.automatic')],
          ...countsWith(NEW_CHATS, session.new_chats_per_day).map(
            (count) => [String(count), count === 0 ? t('new_chats.none') : t('new_chats.count', { count })] as const,
          ),
        ]}
      />
      {switches.map((name) => (
        <SwitchField
          key={name}
          label={t(`${name}.label`)}
          hint={t(`${name}.hint`)}
          checked={now[name] ?? session[name]}
          disabled={locked}
          onCheckedChange={(checked) => set({ [name]: checked })}
        />
      ))}
      {fault}
    </div>
  );
}
