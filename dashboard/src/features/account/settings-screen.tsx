'use client';
import { may } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { LanguageSelect, toggleTheme } from '@/features/shell/preferences';
import { session } from '@/lib/auth';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Card } from '@/ui/states';
import { meQuery, useMembership, useRename, useUpdateOrganization } from './account.api';
import { OrganizationForm } from './organization-form';

export function SettingsScreen() {
  const t = useTranslations('settings');
  const { data: me } = useQuery(meQuery());
  const { data: membership } = useMembership();
  const router = useRouter();
  const rename = useRename();
  const update = useUpdateOrganization();
  return (
    <div className="mx-auto grid max-w-2xl gap-6 p-5 sm:p-8">
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <Card>
        <h2 className="mb-4 font-medium">{t('profile')}</h2>
        {me ? (
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              rename.mutate(textOf(new FormData(event.currentTarget), 'name'));
            }}
          >
            <Field label={t('name')} name="name" defaultValue={me.name} hint={me.email} required />
            <Button type="submit" busy={rename.isPending} className="justify-self-start">
              {t('save')}
            </Button>
          </form>
        ) : null}
      </Card>
      {membership && may(membership.role, 'organization:update') ? (
        <Card>
          <h2 className="mb-4 font-medium">{t('organization')}</h2>
          <OrganizationForm
            organization={membership.organization}
            submit={(changes) => update.mutateAsync(changes)}
            label={t('save')}
          />
        </Card>
      ) : null}
      <Card className="flex flex-wrap items-center gap-3">
        <h2 className="grow font-medium">{t('appearance')}</h2>
        <LanguageSelect />
        <Button look="plain" onClick={() => toggleTheme(router)}>
          {t('theme')}
        </Button>
        <Button look="danger" onClick={() => void session.signOut().then(() => location.assign('/'))}>
          {t('signOut')}
        </Button>
      </Card>
    </div>
  );
}
