'use client';
import type { MailboxPage, MailboxMail } from '@wasel/backend/contract';
import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { LanguageSelect } from '@/features/shell/preferences';
import { call, Problem } from '@/lib/api';
import { Button } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { Link } from '@/ui/link';

const mailboxQuery = () =>
  queryOptions({ queryKey: ['mailbox'], queryFn: () => call('MailboxPage', '/mailbox'), retry: false });

/** The mails of the sandbox, for whoever sits at the desk, signed in or not. */
export function MailboxScreen() {
  const t = useTranslations('mailbox');
  const mails = useQuery(mailboxQuery());
  return (
    <div className="min-h-dvh">
      <header className="mx-auto flex w-full max-w-4xl items-center justify-between gap-3 px-4 pt-5 sm:px-8">
        <Link href="/" className="inline-flex min-h-10 items-center">
          <Logo />
        </Link>
        <LanguageSelect />
      </header>
      <main>
        <Page
          title={t('title')}
          action={
            <Button look="plain" busy={mails.isFetching} onClick={() => void mails.refetch()}>
              {t('refresh')}
            </Button>
          }
        >
          <p className="text-sm leading-6 text-quiet">{t('text')}</p>
          <Mails mails={mails} />
        </Page>
      </main>
    </div>
  );
}

function Mails({ mails }: { mails: UseQueryResult<MailboxPage> }) {
  const t = useTranslations('mailbox');
  if (mails.error instanceof Problem && mails.error.code === 'mailbox_closed')
    return (
      <Card>
        <EmptyState title={t('closed.title')} icon={<Mail className="size-5" />}>
          {t('closed.text')}
        </EmptyState>
      </Card>
    );
  if (mails.isError) return <ErrorState text={t('failed')} again={t('retry')} retry={() => void mails.refetch()} />;
  if (!mails.data) return <SkeletonRows rows={3} />;
  if (mails.data.items.length === 0)
    return (
      <Card>
        <EmptyState title={t('empty.title')} icon={<Mail className="size-5" />}>
          {t('empty.text')}
        </EmptyState>
      </Card>
    );
  return (
    <ul className="grid gap-4">
      {mails.data.items.map((mail) => (
        <li key={mail.id} className="min-w-0">
          <MailCard mail={mail} />
        </li>
      ))}
    </ul>
  );
}

function MailCard({ mail }: { mail: MailboxMail }) {
  const t = useTranslations('mailbox');
  const format = useFormatter();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions(); // that of who looks, not of the server
  const time = format.dateTime(new Date(mail.created_at), { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return (
    <Card className="grid gap-3">
      <header className="grid gap-1">
        <h2 className="font-semibold wrap-anywhere" dir="auto">
          {mail.subject}
        </h2>
        <p className="text-sm wrap-anywhere text-quiet">{t('meta', { to: mail.to, time })}</p>
      </header>
      <p className="text-sm leading-6 wrap-anywhere whitespace-pre-line [unicode-bidi:plaintext]" dir="auto">
        {linked(mail.text)}
      </p>
    </Card>
  );
}

/** The text with its address made to be followed; a mail has one at most. */
function linked(text: string): React.ReactNode {
  const [before, address, after] = text.split(/(https?:\/\/\S+)/, 3);
  if (!address) return text;
  return (
    <>
      {before}
      <a className="font-medium text-accent underline underline-offset-2" href={address} dir="ltr">
        {address}
      </a>
      {after}
    </>
  );
}
