'use client';
import type { Language } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { SettingsLink } from '@/features/account/settings-link';
import { LANGUAGES } from '@/i18n/languages';
import { sayOf } from '@/lib/api';
import { FormFault, SelectField } from '@/ui/field';
import { Page } from '@/ui/page';
import { Card, ErrorState, Skeleton } from '@/ui/states';
import { SwitchField } from '@/ui/switch-field';
import { alertSettingsQuery, useSaveAlertSettings } from './alerts.api';
import { Destinations } from './destinations';

/** How people are told that a number needs them. */
export function AlertSettingsScreen() {
  const t = useTranslations('alertSettings');
  const { data: membership } = useMembership();
  return (
    <Page above={<SettingsLink>{t('back')}</SettingsLink>} title={t('title')}>
      <Mails />
      {membership && may(membership.role, 'alerts:manage') ? <Destinations /> : null}
    </Page>
  );
}

function Mails() {
  const t = useTranslations('alertSettings');
  const language = useLocale() as Language;
  const settings = useQuery(alertSettingsQuery());
  const save = useSaveAlertSettings();
  const shown = save.isPending ? save.variables : settings.data;
  return (
    <Card className="grid grid-cols-1 gap-5">
      <h2 className="font-semibold">{t('mails')}</h2>
      {settings.isPending ? <Skeleton className="h-24" /> : null}
      {settings.isError && !settings.data ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void settings.refetch()} />
      ) : null}
      {shown ? (
        <>
          <SwitchField
            label={t('byMail')}
            hint={t('byMailHint')}
            checked={shown.by_mail}
            disabled={save.isPending}
            onCheckedChange={(by_mail) => save.mutate({ language: by_mail ? language : shown.language, by_mail })}
          />
          {shown.by_mail ? (
            <SelectField
              label={t('language')}
              value={shown.language}
              options={Object.entries(LANGUAGES)}
              onChange={(event) => save.mutate({ ...shown, language: event.target.value as Language })}
            />
          ) : null}
        </>
      ) : null}
      {save.error ? <FormFault>{sayOf(save.error, t('failed'))}</FormFault> : null}
    </Card>
  );
}
