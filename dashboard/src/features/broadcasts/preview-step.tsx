'use client';
import type { BroadcastPreview } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { faultIn } from '@/lib/api';
import { Card, ErrorState, Skeleton } from '@/ui/states';
import { Bubble } from './bubble';
import { previewQuery, type Said } from './broadcasts.api';
import { type Draft, saidOf } from './draft.rules';
import { LaunchCard } from './launch-card';
import { NumbersCard } from './numbers-card';
import type { SetDraft } from './use-draft';

type Props = Readonly<{ draft: Draft; set: SetDraft; clear: () => void }>;

/** What would happen, exactly; and the launch. */
export function PreviewStep(props: Props) {
  const { draft } = props;
  const said = useMemo(() => saidOf(draft), [draft]);
  return said ? <Preview {...props} said={said} /> : null;
}

function Preview({ said, ...props }: Props & { said: Said }) {
  const t = useTranslations('broadcasts');
  const { data: preview, error, isFetching, refetch } = useQuery(previewQuery(said));
  return (
    <>
      {preview ? (
        <>
          <Reached preview={preview} />
          <LeftOut preview={preview} />
          <NumbersCard preview={preview} />
          <Samples preview={preview} />
        </>
      ) : error ? (
        <Card>
          <ErrorState text={faultIn(t, error)} again={t('retry')} retry={() => void refetch()} />
        </Card>
      ) : (
        <Skeleton className="h-80 rounded-card" />
      )}
      <LaunchCard {...props} said={said} preview={preview} busy={isFetching} again={() => void refetch()} />
    </>
  );
}

function Reached({ preview }: { preview: BroadcastPreview }) {
  const t = useTranslations('broadcasts.preview');
  const format = useFormatter();
  const { recipients, duplicates, excluded, new_chats: fresh, starts_at: from, done_at: to, uses } = preview;
  const left = excluded.reduce((all, { count }) => all + count, 0);
  const at = (time: string) => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  const facts = [
    ['starts', at(from)],
    ['done', to === null ? t('notWithinAYear') : at(to)],
    ['newChats', format.number(fresh)],
    ['uses', t('messages', { count: uses.messages })],
  ] as const;
  return (
    <Card className="grid grid-cols-1 gap-5 sm:p-6">
      <div className="grid gap-1" role="status">
        <p className="text-3xl font-semibold tracking-tight">{t('recipients', { count: recipients })}</p>
        <p className="text-sm leading-6 text-quiet">
          {t('leftOutCount', { count: left })} {duplicates > 0 ? t('duplicates', { count: duplicates }) : ''}
        </p>
      </div>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4">
        {facts.map(([name, value]) => (
          <div key={name} className="grid content-start gap-0.5 bg-surface px-4 py-3">
            <dt className="text-xs leading-5 text-quiet">{t(name)}</dt>
            <dd className="text-sm font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Samples({ preview: { samples } }: { preview: BroadcastPreview }) {
  const t = useTranslations('broadcasts.preview');
  const words = useTranslations('broadcasts');
  if (samples.length === 0) return null;
  return (
    <Card className="grid grid-cols-1 gap-4 sm:p-6">
      <h2 className="font-semibold">{t('samples')}</h2>
      <ul className="grid grid-cols-1 items-start gap-4 sm:grid-cols-2">
        {samples.map(({ name, phone_number: phone, text }) => (
          <li key={`${phone} ${name}`} className="grid gap-1.5">
            <span className="text-sm text-quiet">
              <bdi>{name ?? phone ?? words('unnamed')}</bdi>
            </span>
            <Bubble text={text} label={name ?? phone ?? words('unnamed')} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function LeftOut({ preview: { excluded } }: { preview: BroadcastPreview }) {
  const t = useTranslations('broadcasts');
  const format = useFormatter();
  if (excluded.length === 0) return null;
  return (
    <Card className="grid grid-cols-1 gap-4 sm:p-6">
      <h2 className="font-semibold">{t('preview.leftOut')}</h2>
      <ul className="grid gap-3">
        {excluded.map(({ exclusion, count, people }) => (
          <li key={exclusion} className="grid gap-0.5">
            <span className="flex items-baseline justify-between gap-3 text-sm font-medium">
              <span>
                {t(`exclusions.${exclusion}`)}
                {exclusion === 'missing_variable' ? <Missing people={people} /> : null}
              </span>
              <span className="tabular-nums">{format.number(count)}</span>
            </span>
            <span className="text-sm leading-6 wrap-anywhere text-quiet">
              {t(`why.${exclusion}`)}{' '}
              {people.map(({ name, phone_number: phone, detail }, n) => (
                <bdi key={`${phone} ${name} ${detail}`} className="font-medium">
                  {name ?? phone ?? detail ?? t('unnamed')}
                  {n < people.length - 1 || count > people.length ? ', ' : ''}
                </bdi>
              ))}
              {count > people.length ? '…' : ''}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The variables that the first of them have no value for. */
function Missing({ people }: { people: BroadcastPreview['excluded'][number]['people'] }) {
  const names = [...new Set(people.flatMap(({ detail }) => detail?.split(', ') ?? []))];
  return names.map((name) => (
    <bdi key={name} dir="ltr" className="ms-2 rounded bg-raised px-1.5 text-xs leading-5 text-quiet">
      {`{{${name}}}`}
    </bdi>
  ));
}
