'use client';
import { useTranslations } from 'next-intl';
import { AuthPage } from '@/features/landing/auth-page';
import { useCreateOrganization } from './changes.api';
import { OrganizationForm } from './organization-form';

/** What somebody with an account and without an organization sees, wherever they go. */
export default function FirstOrganization() {
  const t = useTranslations('organization');
  const create = useCreateOrganization();
  return (
    <AuthPage>
      <div className="mb-6 grid gap-2">
        <h1 className="text-2xl font-semibold tracking-tight">{t('first.title')}</h1>
        <p className="text-sm leading-6 text-quiet">{t('first.text')}</p>
      </div>
      <OrganizationForm submit={(organization) => create.mutateAsync(organization)} label={t('first.create')} />
    </AuthPage>
  );
}
