'use client';
import type { GroupView } from '@wasel/backend/contract';
import {
  Lock,
  LockOpen,
  type LucideIcon,
  MessageSquare,
  MessageSquareOff,
  Timer,
  TimerOff,
  UserRoundCheck,
  UserRoundPlus,
  UserRoundX,
  Link2,
} from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { cx } from '@/lib/cx';
import { Button, buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';
import { Card } from '@/ui/states';
import { groupHref } from './groups.links';
import { NumberChips } from './number-chips';

/** Letters of a description that are read without asking for the rest. */
const SHORT = 180;
const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/** What a group is: what it says of itself, which of our numbers are in it, and its settings in words. */
export default function About({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const format = useFormatter();
  const { description, numbers, founded_at: founded, community_jid: community, community_subject: name } = group;
  const facts = [
    [
      'numbers',
      <span key="numbers" className="flex flex-wrap gap-1.5">
        <NumberChips numbers={numbers} />
      </span>,
    ],
    [
      'community',
      community && name !== null ? (
        <p key="community">
          <Link href={groupHref(community)} className="font-medium text-accent hover:underline">
            <bdi>{name}</bdi>
          </Link>
        </p>
      ) : null,
    ],
    [
      'founded',
      founded ? (
        <time key="founded" dateTime={founded}>
          {format.dateTime(new Date(founded), { dateStyle: 'medium' })}
        </time>
      ) : null,
    ],
  ] as const;
  return (
    <Card className="grid grid-cols-1 gap-4 sm:p-5" aria-label={t('about.title')}>
      {description === null ? null : <Description text={description} />}
      <dl className="flex flex-wrap gap-x-10 gap-y-4 text-sm">
        {facts.map(([fact, value]) =>
          value === null ? null : (
            <div key={fact} className="grid content-start gap-1.5">
              <dt className="text-xs text-quiet">{t(`about.${fact}`)}</dt>
              <dd className="min-w-0">{value}</dd>
            </div>
          ),
        )}
      </dl>
      <Settings group={group} />
    </Card>
  );
}

function Description({ text }: { text: string }) {
  const t = useTranslations('groups.about');
  const [open, setOpen] = useState(false);
  const long = text.length > SHORT || text.split('\n').length > 2;
  return (
    <div className="-mb-2 grid">
      <p
        dir="auto"
        className={cx(
          'text-beside text-sm leading-6 wrap-anywhere whitespace-pre-line',
          long && !open && 'line-clamp-2',
        )}
      >
        {text}
      </p>
      {long ? (
        <Button
          look="ghost"
          className={buttonClass('ghost', '-ms-4 justify-self-start text-accent')}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'less' : 'all')}
        </Button>
      ) : null}
    </div>
  );
}

function Settings({ group }: { group: GroupView }) {
  const t = useTranslations('groups.settings');
  const { announcement, locked, member_add_mode: adds, join_approval: approval, ephemeral_seconds: seconds } = group;
  const settings: readonly (readonly [LucideIcon, string])[] = [
    announcement ? [MessageSquareOff, t('write.admins')] : [MessageSquare, t('write.everyone')],
    locked ? [Lock, t('edit.admins')] : [LockOpen, t('edit.everyone')],
    adds === 'admins' ? [UserRoundX, t('add.admins')] : [UserRoundPlus, t('add.everyone')],
    approval ? [UserRoundCheck, t('join.approval')] : [Link2, t('join.open')],
    seconds === null ? [TimerOff, t('disappear.off')] : [Timer, howLong(t, seconds)],
  ];
  return (
    <ul
      aria-label={t('label')}
      className="flex flex-wrap gap-x-5 gap-y-2 border-t border-line pt-4 text-[0.8125rem] leading-5 text-quiet"
    >
      {settings.map(([Icon, text]) => (
        <li key={text} className="flex items-center gap-1.5">
          <Icon className="size-3.5 shrink-0" aria-hidden />
          {text}
        </li>
      ))}
    </ul>
  );
}

function howLong(t: (key: string, values: Record<string, number>) => string, seconds: number): string {
  return seconds % DAY_SECONDS === 0
    ? t('disappear.days', { count: seconds / DAY_SECONDS })
    : t('disappear.hours', { count: Math.max(1, Math.round(seconds / HOUR_SECONDS)) });
}
