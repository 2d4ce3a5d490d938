'use client';
import type { GroupView } from '@wasel/backend/contract';
import { Lock, type LucideIcon, Timer, UserRoundCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '@/ui/link';
import { LongList } from '@/ui/long-list';
import { Card, Chip } from '@/ui/states';
import { GroupFace } from './group-face';
import { groupHref } from './groups.links';
import { NumberChips } from './number-chips';

/** Of a row that was not drawn yet, in pixels. */
const HEIGHT = 73;
/** Numbers that a row names; the others are counted. */
const NUMBERS = 2;

/** @param complete whether there are no more */
export default function GroupRows({ groups, complete }: { groups: readonly GroupView[]; complete: boolean }) {
  return (
    <Card className="overflow-hidden p-0 sm:p-0">
      <LongList
        items={groups}
        complete={complete}
        height={HEIGHT}
        className="grid grid-cols-1"
        row="border-b border-line last:border-b-0"
      >
        {(group) => <GroupRow group={group} />}
      </LongList>
    </Card>
  );
}

export function GroupRow({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const { jid, kind, subject, community_subject: community, size, numbers, ended } = group;
  return (
    <Link
      href={groupHref(jid)}
      className="flex min-w-0 items-center gap-3 px-4 py-3.5 -outline-offset-2 transition hover:bg-raised sm:px-5"
    >
      <GroupFace group={group} />
      <span className="grid min-w-0 grow grid-cols-1 gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,auto)] sm:items-center">
        <span className="grid min-w-0 gap-0.5">
          <span className="flex min-w-0 items-center gap-2">
            <bdi className="min-w-0 truncate font-medium">{subject}</bdi>
            {kind === 'group' ? null : <Chip>{t(`kinds.${kind}`)}</Chip>}
            {ended ? <Chip>{t('ended')}</Chip> : null}
          </span>
          <span className="flex min-w-0 items-center gap-x-2 text-sm text-quiet">
            <span className="min-w-0 truncate">
              {t('people', { count: size })}
              {group.announcement ? ` · ${t('settings.write.admins')}` : null}
              {community === null ? null : (
                <>
                  {' · '}
                  <bdi>{community}</bdi>
                </>
              )}
            </span>
            <Settings group={group} />
          </span>
        </span>
        <span className="flex min-w-0 flex-wrap items-center gap-1.5 sm:max-w-80 sm:justify-end">
          <NumberChips numbers={numbers} most={NUMBERS} />
        </span>
      </span>
    </Link>
  );
}

/** What is not as a group begins, each a sign that says itself to who asks. */
function Settings({ group }: { group: GroupView }) {
  const t = useTranslations('groups.settings');
  const signs: readonly (readonly [boolean, LucideIcon, string])[] = [
    [group.locked, Lock, t('edit.admins')],
    [group.join_approval, UserRoundCheck, t('join.approval')],
    [group.ephemeral_seconds !== null, Timer, t('disappear.on')],
  ];
  return signs.map(([is, Icon, text]) =>
    is ? (
      <span key={text} title={text} className="shrink-0">
        <Icon className="size-3.5" aria-hidden />
        <span className="sr-only">{text}</span>
      </span>
    ) : null,
  );
}
