'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useEffect, useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy-field';
import { EndButton } from '@/ui/end-button';
import { Card, Skeleton } from '@/ui/states';
import { changesOf, inviteLinkQuery, useChange, useFollowed } from './changes.api';
import { resultOf } from './changes.rules';
import { Reason } from './number-choice';
import { Done, Standing } from './outcome';
import type { At } from './profile-forms';

const QrCode = lazy(() => import('./qr-code'));

/** The link that lets people in: to be copied, scanned, or ended. It is asked for when somebody wants to see it. */
export function InviteLink({ group, number }: At) {
  const t = useTranslations('groups.changes.link');
  const [shown, setShown] = useState(false);
  const why = number.cannot.invite_link ?? null;
  return (
    <Card className="grid grid-cols-1 gap-4" aria-label={t('title')}>
      <div className="grid gap-0.5">
        <h3 className="text-sm font-medium">{t('title')}</h3>
        <p className="text-sm leading-6 text-quiet">{t(group.join_approval ? 'textApproval' : 'text')}</p>
      </div>
      <Reason why={why} />
      {shown && why === null ? (
        <Link group={group} number={number} />
      ) : (
        <Button look="plain" className="justify-self-start" disabled={why !== null} onClick={() => setShown(true)}>
          {t('show')}
        </Button>
      )}
    </Card>
  );
}

function Link({ group, number }: At) {
  const t = useTranslations('groups.changes.link');
  const c = useTranslations('groups.changes');
  const cache = useQueryClient();
  const question = inviteLinkQuery(group.jid, number.session_id);
  const asked = useQuery(question);
  const told = useFollowed(asked.data);
  const reset = useChange(changesOf(group.jid).revoke, group.jid);
  const made = reset.done;
  useEffect(() => {
    if (made) cache.setQueryData(question.queryKey, made); // whoever asks for the link next is told the new one
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the question is the same as long as group and number are
  }, [made, cache]);
  const link = resultOf(made)?.invite_link ?? resultOf(told.done)?.invite_link;
  const error = asked.error ?? told.error;
  if (link === undefined)
    return error || told.isGoingOn ? (
      <>
        <Standing isGoingOn={told.isGoingOn} error={error} />
        {error ? (
          <Button look="plain" className="justify-self-start" onClick={() => void asked.refetch()}>
            {c('again')}
          </Button>
        ) : null}
      </>
    ) : (
      <Skeleton className="h-16" />
    );
  return (
    <div className="grid grid-cols-1 items-start gap-5 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="grid grid-cols-1 justify-items-start gap-4 *:first:w-full">
        <CopyField key={link} label={t('label')} value={link} copy={t('copy')} copied={t('copied')} />
        <EndButton
          label={t('reset')}
          cancel={c('cancel')}
          title={t('confirm.title')}
          text={t('confirm.text')}
          work={{ isPending: reset.isAsking, reset: reset.reset }}
          fault={reset.error ? faultIn(c, reset.error) : undefined}
          run={() => reset.askAndWait({ session_id: number.session_id })}
        />
        <Standing {...reset} />
        {made ? <Done>{t('done')}</Done> : null}
      </div>
      <Suspense fallback={<Skeleton className="size-44" />}>
        <QrCode text={link} label={t('qr')} />
      </Suspense>
    </div>
  );
}
