'use client';
import type { GroupView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { ColorDot } from '@/ui/icon-tile';

const CHIP =
  'inline-flex max-w-full items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 py-0.5 text-xs';

/** Which of our numbers are in a group, and what each is there; admins first. @param most so many, and how many more */
export function NumberChips({ numbers, most = Infinity }: { numbers: GroupView['numbers']; most?: number }) {
  const t = useTranslations('groups');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const here = numbers
    .flatMap(({ session_id: id, role }) => {
      const session = sessions.find((one) => one.id === id);
      return session && role !== null ? [{ session, admin: role !== 'member' }] : [];
    })
    .toSorted((a, b) => Number(b.admin) - Number(a.admin));
  if (numbers.every(({ role }) => role === null))
    return <span className={`${CHIP} border-dashed text-quiet`}>{t('noneHere')}</span>;
  return (
    <>
      {here.slice(0, most).map(({ session: { id, name, color }, admin }) => (
        <span key={id} className={CHIP}>
          <ColorDot color={color} />
          <bdi className="min-w-0 truncate">{name}</bdi>
          <span className={admin ? 'flex shrink-0 items-center gap-1 font-medium text-accent' : 'sr-only'}>
            {admin ? <ShieldCheck className="size-3.5" aria-hidden /> : null}
            {t(admin ? 'roles.admin' : 'roles.member')}
          </span>
        </span>
      ))}
      {here.length > most ? (
        <span className={`${CHIP} text-quiet`}>{t('moreNumbers', { n: here.length - most })}</span>
      ) : null}
    </>
  );
}
