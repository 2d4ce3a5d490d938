'use client';
import type { ImportReport, ImportView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Download, Send } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Card } from '@/ui/states';
import { useLaunch, useSaveBadRows } from './bulk.api';
import { minutesFor } from './bulk.rules';

const HOUR_MINUTES = 60;

/** Which rows are good, and from which number and when they leave. */
export function LaunchForm({ file: { id }, report }: { file: ImportView; report: ImportReport }) {
  const t = useTranslations('bulk');
  const format = useFormatter();
  const router = useRouter();
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const linked = sessions.filter(({ phone_number: phone }) => phone !== null);
  const [chosen, setChosen] = useState<string>();
  const [time, setTime] = useState('');
  const [asking, setAsking] = useState(false);
  const launch = useLaunch(id);
  const number = linked.find((one) => one.id === chosen) ?? linked.find((one) => one.is_default) ?? linked[0];
  const minutes = minutesFor(report.good, number?.max_per_minute ?? null);
  const lasts =
    minutes < HOUR_MINUTES * 2
      ? t('minutes', { count: minutes })
      : t('hours', { count: Math.ceil(minutes / HOUR_MINUTES) });
  const count = format.number(report.good);

  return (
    <Card className="grid grid-cols-1 gap-5">
      <Report id={id} report={report} />
      {report.good > 0 && linked.length === 0 ? <FormFault>{t('noNumber')}</FormFault> : null}
      {report.good > 0 && number ? (
        <form
          className="grid grid-cols-1 gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            launch.reset();
            setAsking(true);
          }}
        >
          <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
            <SelectField
              label={t('sender')}
              options={linked.map((one) => [one.id, one.name] as const)}
              value={number.id}
              onChange={(event) => setChosen(event.target.value)}
            />
            <Field
              label={t('when')}
              hint={t('whenHint')}
              type="datetime-local"
              value={time}
              onChange={(event) => setTime(event.target.value)}
            />
          </div>
          <Button type="submit" className="justify-self-start">
            <Send className="size-4 rtl:-scale-x-100" aria-hidden /> {t('launch', { count })}
          </Button>
          <ConfirmDialog
            title={t('confirmLaunch.title', { count })}
            confirm={t('launch', { count })}
            cancel={t('keep')}
            open={asking}
            onOpenChange={setAsking}
            busy={launch.isPending}
            fault={launch.error ? faultIn(t, launch.error) : undefined}
            onConfirm={() =>
              launch.mutate(
                {
                  expected: report.good,
                  session_id: number.id,
                  ...(time ? { scheduled_at: new Date(time).toISOString() } : {}),
                },
                { onSuccess: (job) => router.replace(`/bulk/${job.id}`) },
              )
            }
          >
            {t('confirmLaunch.text', { number: number.name, lasts })}
          </ConfirmDialog>
        </form>
      ) : null}
    </Card>
  );
}

function Report({ id, report }: { id: string; report: ImportReport }) {
  const t = useTranslations('bulk');
  const save = useSaveBadRows(id);
  const { good, bad, duplicates, bad_rows: rows, sample } = report;
  return (
    <div role="status" className="grid gap-3">
      <h2 className="font-semibold">{t('found', { count: good })}</h2>
      {bad + duplicates > 0 ? (
        <p className="text-sm leading-6">{t('notGood', { bad, duplicates })}</p>
      ) : (
        <p className="text-sm leading-6 text-quiet">{t('allGood')}</p>
      )}
      {rows.length > 0 ? (
        <>
          <ul className="grid gap-1 rounded-lg border border-line p-3 text-sm">
            {rows.map(({ line, fault, detail }) => (
              <li key={line} className="wrap-anywhere">
                {t(`rowFaults.${fault}`, { line, detail })}
              </li>
            ))}
          </ul>
          <Button look="plain" className="justify-self-start" busy={save.isPending} onClick={() => save.mutate()}>
            <Download className="size-4" aria-hidden /> {t('saveBadRows')}
          </Button>
          {save.error ? <FormFault>{faultIn(t, save.error)}</FormFault> : null}
        </>
      ) : null}
      {sample ? (
        <figure className="grid gap-1">
          <figcaption className="text-sm text-quiet">{t('sample', { to: sample.to })}</figcaption>
          <blockquote
            dir="auto"
            className="rounded-lg bg-bubble p-3 text-sm leading-6 whitespace-pre-wrap wrap-anywhere"
          >
            {sample.text}
          </blockquote>
        </figure>
      ) : null}
    </div>
  );
}
