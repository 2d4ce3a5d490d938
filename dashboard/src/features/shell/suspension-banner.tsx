'use client';
import type { OrganizationView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { configQuery } from '@/features/account/account.api';

/** Why nothing goes on, on every page of an organization that is suspended, and whom to ask. */
export function SuspensionBanner({ suspension }: Pick<OrganizationView, 'suspension'>) {
  const t = useTranslations('shell.suspended');
  const { data: config } = useQuery(configQuery());
  if (!suspension) return null;
  const contact = config?.operator_email;
  return (
    <div role="alert" className="bg-bad text-sm leading-6 text-bad-ink">
      {/* Folded by who has read it: a long reason takes half of a phone. */}
      <details open className="mx-auto max-w-4xl px-4">
        <summary className="flex min-h-10 cursor-pointer items-center justify-center gap-2 font-semibold">
          <Ban className="size-4 shrink-0" aria-hidden /> {t('title')}
        </summary>
        <p className="pb-2 text-center text-balance">
          {t('text')} <bdi className="font-semibold wrap-anywhere">{suspension.reason}</bdi>
          {contact ? (
            <>
              {' · '}
              <a className="font-semibold underline" href={`mailto:${contact}`}>
                {t('ask', { contact })}
              </a>
            </>
          ) : null}
        </p>
      </details>
    </div>
  );
}
