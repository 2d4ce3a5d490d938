'use client';
import type { BroadcastPreview } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { localTime } from '@/features/inbox/send-later.rules';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn, Problem } from '@/lib/api';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { Field, FormFault } from '@/ui/field';
import { Card } from '@/ui/states';
import { type Said, useLaunch } from './broadcasts.api';
import { type Draft, endsTooEarly } from './draft.rules';
import type { SetDraft } from './use-draft';

type Props = Readonly<{
  draft: Draft;
  set: SetDraft;
  clear: () => void;
  said: Said;
  /** Undefined while it is not known what would happen. */
  preview: BroadcastPreview | undefined;
  busy: boolean;
  /** Has it previewed anew. */
  again: () => void;
}>;

/** What it is called, when it leaves, why it cannot; and the launch itself. */
export function LaunchCard({ draft, set, clear, said, preview, busy, again }: Props) {
  const t = useTranslations('broadcasts');
  const format = useFormatter();
  const [opened] = useState(() => new Date());
  const [asking, setAsking] = useState(false);
  const { launch, run } = useRun({ draft, set, clear, said, again, done: () => setAsking(false) });
  const recipients = preview?.recipients ?? 0;
  const count = format.number(recipients);
  const label = t(draft.at === '' ? 'launch.now' : 'launch.later', { count });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ');
  const fault = launch.error ? faultIn(t, launch.error) : undefined;
  return (
    <Card className="grid grid-cols-1 gap-5 sm:p-6">
      <h2 className="font-semibold">{t('launch.title')}</h2>
      {preview ? <Refusals preview={preview} /> : null}
      <form
        className="grid grid-cols-1 gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          launch.reset();
          setAsking(true);
        }}
      >
        <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
          <Field
            label={t('launch.name')}
            hint={t('launch.nameHint')}
            dir="auto"
            maxLength={200}
            required
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <Field
            label={t('launch.when')}
            hint={t('launch.whenHint', { zone })}
            type="datetime-local"
            min={localTime(opened)}
            value={draft.at}
            onChange={(event) => set({ at: event.target.value })}
          />
          <End draft={draft} set={set} preview={preview} first={draft.at === '' ? localTime(opened) : draft.at} />
        </div>
        {fault && !asking ? <FormFault>{fault}</FormFault> : null}
        <Button
          type="submit"
          className="justify-self-start"
          disabled={!preview || busy || preview.refusals.length > 0 || recipients === 0 || endsTooEarly(draft)}
        >
          <Send className="size-4 rtl:-scale-x-100" aria-hidden /> {label}
        </Button>
      </form>
      <ConfirmDialog
        title={t('launch.confirm', { count: recipients })}
        confirm={label}
        cancel={t('keep')}
        open={asking}
        onOpenChange={setAsking}
        busy={launch.isPending}
        fault={fault}
        onConfirm={() => run(recipients)}
      >
        {t('launch.confirmText')}
      </ConfirmDialog>
    </Card>
  );
}

/** Until when it may leave. What the API says against it stands here, and not with the other reasons. */
function End({ draft, set, preview, first }: Pick<Props, 'draft' | 'set' | 'preview'> & { first: string }) {
  const t = useTranslations('broadcasts');
  const format = useFormatter();
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const late = (preview?.refusals ?? []).flatMap(({ refusal, session_id: id }) =>
    refusal === 'expires_before_sent' ? [`\u2068${sessions.find((one) => one.id === id)?.name ?? ''}\u2069`] : [],
  );
  const error = endsTooEarly(draft)
    ? t('faults.fields.expires_at')
    : late.length > 0
      ? t('launch.untilTooSoon', { numbers: format.list(late) })
      : undefined;
  return (
    <Field
      label={t('launch.until')}
      hint={t('launch.untilHint')}
      error={error}
      className="sm:col-start-2"
      type="datetime-local"
      min={first}
      value={draft.until}
      onChange={(event) => set({ until: event.target.value })}
    />
  );
}

/** Launches under one key for as long as it is not known that it was refused: tried again, it is the same broadcast. */
function useRun({ draft, set, clear, said, again, done }: Omit<Props, 'preview' | 'busy'> & { done: () => void }) {
  const router = useRouter();
  const launch = useLaunch();
  function run(expected: number): void {
    const key = draft.key ?? crypto.randomUUID();
    set({ key });
    launch.mutate(
      { key, launch: { ...said, name: draft.name, expected } },
      {
        onSuccess: ({ id }) => {
          clear();
          router.replace(`/broadcasts/${id}`);
        },
        onError: (error) => {
          if (!(error instanceof Problem) || error.status >= 500) return;
          set({ key: null });
          if (error.code !== 'broadcast_changed' && error.code !== 'broadcast_refused') return;
          done();
          again();
        },
      },
    );
  }
  return { launch, run };
}

function Refusals({ preview }: { preview: BroadcastPreview }) {
  const t = useTranslations('broadcasts.refusals');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const refusals = preview.refusals.filter(({ refusal }) => refusal !== 'expires_before_sent');
  if (refusals.length === 0) return null;
  return (
    <ul role="alert" className="grid gap-2 rounded-lg bg-bad-soft px-4 py-3 text-sm leading-6 text-bad">
      {refusals.map(({ refusal, session_id: id }) => {
        const name = sessions.find((one) => one.id === id)?.name;
        return (
          <li key={`${refusal} ${id}`}>
            {name ? <bdi className="font-medium">{name}: </bdi> : null}
            {t(refusal)}
          </li>
        );
      })}
    </ul>
  );
}
