'use client';
import { CircleAlert, CircleCheck, Clock, LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { cx } from '@/lib/cx';
import { FormFault } from '@/ui/field';
import type { Followed } from './changes.api';
import { keyOf, type Named, outcomeOf, type PersonResult, toneOf } from './changes.rules';

const LOOKS = { good: [CircleCheck, 'text-good'], warn: [Clock, 'text-warn'], bad: [CircleAlert, 'text-bad'] } as const;

/** By his number, where he shows one. */
export function PersonName({ person: { phone_number: phone } }: { person: Named }) {
  const t = useTranslations('groups.members');
  return phone === null ? t('unnamed') : <bdi dir="ltr">{phone}</bdi>;
}

/** What became of each, in words; what was refused comes first. */
export function Outcome({ results }: { results: readonly PersonResult[] }) {
  const t = useTranslations('groups.changes.statuses');
  return (
    <ul className="grid max-h-[40dvh] gap-4 overflow-y-auto">
      {outcomeOf(results).map(({ status, people }) => {
        const [Icon, colour] = LOOKS[toneOf(status)];
        return (
          <li key={status} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 gap-y-1 text-sm leading-6">
            <Icon className={cx('mt-1 size-4', colour)} aria-hidden />
            <p className="font-medium">{t(`${status}.title`, { count: people.length })}</p>
            {t.has(`${status}.text`) ? <p className="col-start-2 text-quiet">{t(`${status}.text` as never)}</p> : null}
            <ul className="col-start-2 flex flex-wrap gap-x-4 text-quiet tabular-nums">
              {people.map((person) => (
                <li key={keyOf(person)}>
                  <PersonName person={person} />
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

/** What is known of something that was asked for and has brought no result: that it goes on, or why it failed. */
export function Standing({ isGoingOn, error }: Pick<Followed, 'isGoingOn' | 'error'>) {
  const t = useTranslations('groups.changes');
  if (error) return <FormFault>{faultIn(t, error)}</FormFault>;
  return isGoingOn ? (
    <p role="status" className="flex items-start gap-2.5 rounded-lg bg-warn-soft px-3 py-2.5 text-sm leading-6">
      <LoaderCircle className="mt-1 size-4 shrink-0 animate-spin text-warn" aria-hidden />
      {t('goingOn')}
    </p>
  ) : null;
}

/** That something small was done. */
export const Done = ({ children }: { children: React.ReactNode }) => (
  <p role="status" className="flex items-center gap-2 text-sm text-good">
    <CircleCheck className="size-4 shrink-0" aria-hidden /> {children}
  </p>
);
