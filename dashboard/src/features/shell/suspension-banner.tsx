'use client';
import type { OrganizationView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { configQuery } from '@/features/account/account.api';

/** Why nothing goes on, on every page of an organization that is suspended, and whom to ask. */
export function SuspensionBanner({ suspension }: Pick<OrganizationView, 'suspension'>) {
  const t = useTranslations('shell.suspended');
  const { data: config } = useQuery(configQuery());
  if (!suspension) return null;
  const contact = config?.operator_email;
  return (
    <div role="alert" className="max-h-40 overflow-y-auto bg-bad px-4 py-2 text-center text-sm leading-6 text-bad-ink">
      {t('text')} <bdi className="font-semibold wrap-anywhere">{suspension.reason}</bdi>
      {contact ? (
        <>
          {' · '}
          <a className="font-semibold underline" href={`mailto:${contact}`}>
            {t('ask', { contact })}
          </a>
        </>
      ) : null}
    </div>
  );
}
