'use client';
import { may } from '@wasel/backend/contract/words';
import { useFormatter, useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { useMembership } from './account.api';
import { useRestoreOrganization } from './changes.api';

/** On every page of an organization that was deleted: until when it is there, and the way back. */
export function DeletedBanner() {
  const t = useTranslations('settings.deleted');
  const format = useFormatter();
  const { data: membership } = useMembership();
  const work = useRestoreOrganization();
  const { name, deletion } = membership?.organization ?? {};
  if (!membership || !name || !deletion) return null;
  const date = format.dateTime(new Date(deletion.due_at), { dateStyle: 'long', timeStyle: 'short' });
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 bg-bad-soft px-4 py-2 text-sm leading-6 text-bad"
    >
      <p className="min-w-0 wrap-anywhere">
        {work.error
          ? faultIn(t, work.error)
          : t('banner', { name: isolated(name), date, who: isolated(deletion.requested_by) })}
      </p>
      {may(membership.role, 'organization:delete') ? (
        <Button look="plain" busy={work.isPending} onClick={() => work.mutate()}>
          {t('back')}
        </Button>
      ) : null}
    </div>
  );
}

/** Runs its own way, whatever stands around it: there is no room for an element inside of a message. */
const isolated = (text: string): string => `\u2068${text}\u2069`;
