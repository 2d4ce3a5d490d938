'use client';
import type { SessionView, UpdateSession } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { sayOf } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field, FormFault } from '@/ui/field';
import { SwitchField } from '@/ui/switch-field';
import { useUpdateSession } from './sessions.api';

/** How a number is called and how it behaves. A switch holds as soon as it is moved. */
export function SessionSettings({ session, manages }: { session: SessionView; manages: boolean }) {
  const t = useTranslations('sessions');
  const update = useUpdateSession();
  const set = (changes: UpdateSession) => update.mutate({ id: session.id, ...changes });
  /** What is on its way is shown; when it is refused, what holds comes back with the reason. */
  const {
    enabled,
    auto_reconnect: reconnects,
    is_default: isDefault,
  } = {
    ...session,
    ...(update.isPending ? update.variables : {}),
  };
  const locked = !manages || update.isPending;
  return (
    <div className="grid gap-6">
      <form
        className="flex items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          set({ name: textOf(new FormData(event.currentTarget), 'name') });
        }}
      >
        <Field
          key={session.name}
          className="grow"
          label={t('name')}
          name="name"
          dir="auto"
          defaultValue={session.name}
          hint={t('detail.nameHint')}
          disabled={!manages}
          maxLength={60}
          required
        />
        <Button type="submit" look="plain" className="mt-6.5" disabled={locked}>
          {t('detail.save')}
        </Button>
      </form>
      <SwitchField
        label={t('detail.enabled.label')}
        hint={t('detail.enabled.hint')}
        checked={enabled ?? session.enabled}
        disabled={locked}
        onCheckedChange={(checked) => set({ enabled: checked })}
      />
      <SwitchField
        label={t('detail.reconnect.label')}
        hint={t('detail.reconnect.hint')}
        checked={reconnects ?? session.auto_reconnect}
        disabled={locked}
        onCheckedChange={(checked) => set({ auto_reconnect: checked })}
      />
      <SwitchField
        label={t('detail.default.label')}
        hint={t('detail.default.hint')}
        checked={isDefault ?? session.is_default}
        disabled={locked || session.is_default}
        onCheckedChange={() => set({ is_default: true })}
      />
      {update.error ? <FormFault>{sayOf(update.error, t('failed'))}</FormFault> : null}
    </div>
  );
}
