import type { GroupView } from '@wasel/backend/contract';
import { Building2, Megaphone, UsersRound } from 'lucide-react';
import { cx } from '@/lib/cx';
import { initialsOf } from '@/ui/avatar';

const ICONS = { group: UsersRound, community: Building2, announcements: Megaphone } as const;

/** A group at a glance: the first letters of its subject, or what kind it is. The subject itself stands beside it. */
export function GroupFace({
  group: { kind, subject },
  className,
}: {
  group: Pick<GroupView, 'kind' | 'subject'>;
  className?: string;
}) {
  const Icon = ICONS[kind];
  const letters = kind === 'group' ? initialsOf(subject) : '';
  return (
    <span aria-hidden className={cx('avatar rounded-xl', className)}>
      {letters === '' ? <Icon className="size-[45%]" /> : letters}
    </span>
  );
}
