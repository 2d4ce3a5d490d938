import type { GroupView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Building2, Megaphone, UsersRound } from 'lucide-react';
import { cx } from '@/lib/cx';
import { initialsOf } from '@/ui/avatar';
import { pictureQuery } from './group-picture';

const ICONS = { group: UsersRound, community: Building2, announcements: Megaphone } as const;

/**
 * A group at a glance: its picture, else the first letters of its subject, or what kind it is. The subject itself stands beside
 * it. Without `picture` nobody is asked for one.
 */
export function GroupFace({
  group: { kind, subject, jid, picture },
  className,
}: {
  group: Pick<GroupView, 'kind' | 'subject' | 'jid'> & Partial<Pick<GroupView, 'picture'>>;
  className?: string;
}) {
  const { data: shown } = useQuery(pictureQuery(jid, picture));
  if (shown && picture)
    // oxlint-disable-next-line nextjs/no-img-element -- a data URL has nothing to optimise
    return <img src={shown} alt="" className={cx('avatar rounded-xl object-cover', className)} draggable={false} />;
  const Icon = ICONS[kind];
  const letters = kind === 'group' ? initialsOf(subject) : '';
  return (
    <span aria-hidden className={cx('avatar rounded-xl', className)}>
      {letters === '' ? <Icon className="size-[45%]" /> : letters}
    </span>
  );
}
