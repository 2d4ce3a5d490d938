'use client';
import type { MessageView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { HelpLink } from '@/features/help/help-link';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import FailedChanges from './failed-changes';
import { messagesQuery, useCancel, useRetry, versionsQuery } from './inbox.api';

const WAITING = new Set<string>(['pending', 'queued']);

/** What became of a message and when; of one that did not go why, and what can be done. */
export default function MessageDetails({ message: asked, leave }: { message: MessageView; leave: () => void }) {
  const t = useTranslations('inbox.details');
  const words = useTranslations('inbox');
  const { data } = useInfiniteQuery(messagesQuery(asked.conversation_id));
  const message = data?.pages.flatMap(({ items }) => items).find(({ id }) => id === asked.id) ?? asked;
  return (
    <Dialog title={t('title')} close={words('close')} open onOpenChange={leave}>
      <div className="grid grid-cols-1 gap-5 text-sm">
        <Times message={message} />
        {message.status === 'failed' ? <Why message={message} /> : null}
        <Work message={message} />
        {message.failed_changes.length > 0 ? <FailedChanges message={message} /> : null}
        {message.edited_at && !message.deleted_at ? <Versions message={message} /> : null}
      </div>
    </Dialog>
  );
}

function Times({ message }: { message: MessageView }) {
  const t = useTranslations('inbox.details');
  const statuses = useTranslations('inbox.statuses');
  const format = useFormatter();
  const ours = message.direction === 'outbound';
  const times: readonly (readonly [string, string | null])[] = [
    ['accepted', ours ? message.created_at : null],
    ['scheduled', message.scheduled_at],
    ['sent', message.sent_at],
    ['received', ours ? null : message.created_at],
    ['delivered', message.delivered_at],
    ['read', message.read_at],
    ['played', message.played_at],
    ['edited', message.edited_at],
    ['deleted', message.deleted_at],
    ['failed', message.failed_at],
  ];
  return (
    <dl className="grid gap-2">
      <Fact name={t('status')}>{statuses(message.status)}</Fact>
      {times.map(([name, at]) =>
        at ? (
          <Fact key={name} name={t(`times.${name}`)}>
            <time dateTime={at}>{format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'medium' })}</time>
          </Fact>
        ) : null,
      )}
      {message.reach ? <Reach reach={message.reach} /> : null}
      {message.trigger ? <Fact name={t('by')}>{t(`triggers.${message.trigger}`)}</Fact> : null}
    </dl>
  );
}

/** How many of a group's people have it. */
function Reach({ reach: { recipients, delivered, read, played } }: { reach: NonNullable<MessageView['reach']> }) {
  const t = useTranslations('inbox.details');
  return (
    <>
      <Fact name={t('reach.delivered')}>{t('reach.of', { count: delivered, all: recipients })}</Fact>
      <Fact name={t('reach.read')}>{t('reach.of', { count: read, all: recipients })}</Fact>
      {played > 0 ? <Fact name={t('reach.played')}>{t('reach.of', { count: played, all: recipients })}</Fact> : null}
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="flex flex-wrap justify-between gap-x-4 border-b border-line pb-2">
    <dt className="text-quiet">{name}</dt>
    <dd className="tabular-nums">{children}</dd>
  </div>
);

function Why({ message }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const why = `failures.${message.error_code ?? 'other'}`;
  return (
    <div className="grid justify-items-start gap-2 leading-6">
      <p className="text-bad">{t.has(why) ? t(why) : t('failures.other')}</p>
      <HelpLink topic="troubleshooting#message-failed" />
    </div>
  );
}

/** A failed one is sent again, a waiting one taken back. */
function Work({ message }: { message: MessageView }) {
  const t = useTranslations('inbox');
  const { data: membership } = useMembership();
  const retry = useRetry();
  const cancel = useCancel();
  if (!membership || !may(membership.role, 'messages:send')) return null;
  const failed = message.status === 'failed';
  if (!failed && !WAITING.has(message.status)) return null;
  const work = failed ? retry : cancel;
  return (
    <>
      <Button look="plain" busy={work.isPending} onClick={() => work.mutate(message.id)}>
        {failed ? t('sendAgain') : t('later.cancel')}
      </Button>
      {work.error ? <FormFault>{sayOf(work.error, failed ? t('retryFailed') : t('later.failed'))}</FormFault> : null}
    </>
  );
}

/** What it said before. */
function Versions({ message }: { message: MessageView }) {
  const t = useTranslations('inbox.details');
  const format = useFormatter();
  const { data } = useQuery({ ...versionsQuery(message.id), staleTime: 0 });
  if (!data) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-medium">{t('versions')}</h3>
      <ol className="grid gap-2">
        {data.items.map(({ text, written_at: at }) => (
          <li key={at} className="grid gap-1 rounded-lg bg-raised px-3 py-2">
            <span dir="auto" className="text-beside wrap-anywhere whitespace-pre-wrap">
              {text}
            </span>
            <time dateTime={at} className="text-xs text-quiet">
              {format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'short' })}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
