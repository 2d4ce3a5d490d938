'use client';
import type { GroupParticipantView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { Link } from '@/ui/link';
import { Chip } from '@/ui/states';

type Named = Pick<GroupParticipantView, 'contact' | 'phone_number' | 'push_name' | 'session_id'>;

/** How somebody is called, and where that leads; one of our numbers by its own name. */
export function useName({ contact, phone_number: phone, push_name: pushName, session_id: session }: Named) {
  const t = useTranslations('groups.members');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const ours = sessions.find(({ id }) => id === session);
  if (ours)
    return {
      text: ours.name,
      named: ours.name,
      shown: (
        <span className="flex min-w-0 items-center gap-2">
          <Link
            href={`/numbers/${ours.id}`}
            className="inline-flex min-h-10 min-w-0 items-center truncate hover:underline"
          >
            <bdi>{ours.name}</bdi>
          </Link>
          <Chip>{t('ours')}</Chip>
        </span>
      ),
    };
  const named = contact?.name ?? pushName;
  const text = named ?? phone ?? t('unnamed');
  const words = named !== null ? <bdi>{named}</bdi> : phone !== null ? <bdi dir="ltr">{phone}</bdi> : t('unnamed');
  return {
    text,
    named,
    shown: contact ? (
      <Link href={`/contacts/${contact.id}`} className="inline-flex min-h-10 max-w-full items-center hover:underline">
        {words}
      </Link>
    ) : (
      words
    ),
  };
}
