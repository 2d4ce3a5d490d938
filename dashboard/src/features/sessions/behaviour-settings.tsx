'use client';
import { MAX_PER_MINUTE, SessionColor, type SessionView } from '@wasel/backend/contract';
import { Smartphone } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { RadioGroup } from 'radix-ui';
import { useId } from 'react';
import { SelectField } from '@/ui/field';
import { IconTile } from '@/ui/icon-tile';
import { SwitchField } from '@/ui/switch-field';
import { useSetting } from './number-settings';

type Props = { session: SessionView; manages: boolean };
const NO_COLOR = 'none';

/** How a number looks in the lists of this organization. */
export function ColorSettings(props: Props) {
  const t = useTranslations('sessions.detail.color');
  const { set, wanted, locked, fault } = useSetting(props);
  const id = useId();
  const color = wanted?.color === undefined ? props.session.color : wanted.color;
  return (
    <div className="grid gap-2">
      <span id={id} className="text-sm font-medium">
        {t('label')}
      </span>
      <RadioGroup.Root
        aria-labelledby={id}
        className="flex flex-wrap gap-2"
        value={color ?? NO_COLOR}
        disabled={locked}
        onValueChange={(value) => set({ color: value === NO_COLOR ? null : SessionColor.parse(value) })}
      >
        {[NO_COLOR, ...SessionColor.options].map((value) => (
          <RadioGroup.Item
            key={value}
            value={value}
            aria-label={t(value)}
            title={t(value)}
            className="rounded-xl border-2 border-transparent p-0.5 data-[state=checked]:border-accent disabled:opacity-60"
          >
            <IconTile icon={Smartphone} color={value === NO_COLOR ? null : SessionColor.parse(value)} />
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {fault}
    </div>
  );
}

const PACES = [3, 6, 10, 15, MAX_PER_MINUTE];

/** How fast a number sends, and what it lets others see. */
export function BehaviourSettings(props: Props) {
  const { session } = props;
  const t = useTranslations('sessions.detail.behaviour');
  const { set, wanted, locked, fault } = useSetting(props);
  const now = { ...session, ...wanted };
  const switches = ['mark_online', 'read_receipts', 'import_history'] as const;
  const paces = [...new Set([...PACES, ...(session.max_per_minute === null ? [] : [session.max_per_minute])])];
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
          ...paces.toSorted((a, b) => a - b).map((count) => [String(count), t('pace.count', { count })] as const),
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
