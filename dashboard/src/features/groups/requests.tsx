'use client';
import type { GroupView, JoinRequestView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { RotateCw, UserRoundCheck } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { Button } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Card, EmptyState, SkeletonRows } from '@/ui/states';
import { changesOf, requestsQuery, useChange, useFollowed } from './changes.api';
import { keyOf, personOf, resultOf } from './changes.rules';
import { NumberChoice, Reason, useNumbersThatMay } from './number-choice';
import { Outcome, PersonName, Standing } from './outcome';

/** Who waits until an admin lets him in. */
export default function Requests({ group }: { group: GroupView }) {
  const t = useTranslations('groups.changes');
  const { data: membership } = useMembership();
  const number = useNumbersThatMay(group, 'requests');
  if (membership && !may(membership.role, 'groups:manage'))
    return <Card className="text-sm leading-6 text-quiet">{t('faults.not_permitted')}</Card>;
  if (number.why)
    return (
      <Card>
        <Reason why={number.why} />
      </Card>
    );
  return (
    <>
      {number.among.length > 1 ? (
        <Card>
          <NumberChoice choice={number} />
        </Card>
      ) : null}
      {number.session ? <Waiting key={number.session.id} group={group} session={number.session.id} /> : null}
    </>
  );
}

function Waiting({ group, session }: { group: GroupView; session: string }) {
  const t = useTranslations('groups.changes');
  const asked = useQuery(requestsQuery(group.jid, session));
  const told = useFollowed(asked.data);
  const requests = resultOf(told.done)?.requests;
  const error = asked.error ?? told.error;
  const again = (
    <Button look="plain" busy={asked.isFetching} onClick={() => void asked.refetch()}>
      <RotateCw className="size-4" aria-hidden /> {t('requests.again')}
    </Button>
  );
  return (
    <Card className="grid grid-cols-1 gap-4">
      {requests ? null : error || told.isGoingOn ? (
        <>
          <Standing isGoingOn={told.isGoingOn} error={error} />
          <div>{again}</div>
        </>
      ) : (
        <SkeletonRows rows={3} />
      )}
      {requests ? <Decide group={group} session={session} requests={requests} look={asked.refetch} /> : null}
      {requests?.length === 0 ? (
        <EmptyState title={t('requests.none')} icon={<UserRoundCheck className="size-6" />} action={again}>
          {t(group.join_approval ? 'requests.noneText' : 'requests.off')}
        </EmptyState>
      ) : null}
      {requests && requests.length > 0 ? <div>{again}</div> : null}
    </Card>
  );
}

/** Chooses who is let in, and who is turned away. */
function Decide({
  group,
  session,
  requests,
  look,
}: {
  group: GroupView;
  session: string;
  requests: readonly JoinRequestView[];
  /** Asks anew who waits. */
  look: () => Promise<unknown>;
}) {
  const t = useTranslations('groups.changes');
  const format = useFormatter();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const approve = useChange(changesOf(group.jid).approve, group.jid);
  const reject = useChange(changesOf(group.jid).reject, group.jid);
  const people = requests.filter((one) => chosen.has(keyOf(one)));
  const body = { session_id: session, participants: people.flatMap((one) => personOf(one) ?? []) };
  const isBusy = [approve, reject].some((work) => work.isAsking || work.isGoingOn);
  const decide = (work: typeof approve, other: typeof approve): void => {
    other.reset();
    void work.askAndWait(body).then(
      () => setChosen(new Set()),
      () => undefined, // said below
    );
  };
  // WhatsApp may take longer than the request.
  const decided = approve.done?.id ?? reject.done?.id;
  useEffect(() => {
    if (decided !== undefined) void look();
  }, [decided, look]);
  const toggle = (key: string): void =>
    setChosen((now) => new Set(now.has(key) ? [...now].filter((one) => one !== key) : [...now, key]));
  const results = [approve, reject].flatMap((work) => resultOf(work.done)?.participants ?? []);
  return (
    <>
      {results.length > 0 ? (
        <div role="status">
          <Outcome results={results} />
        </div>
      ) : null}
      <Standing {...approve} />
      <Standing {...reject} />
      {requests.length > 0 ? (
        <>
          <ul aria-label={t('requests.label')} className="-mx-2 grid">
            {requests.map((one) => {
              const key = keyOf(one);
              const when = format.dateTime(new Date(one.requested_at), { dateStyle: 'medium', timeStyle: 'short' });
              return (
                <li key={key}>
                  <CheckField
                    checked={chosen.has(key)}
                    onChange={() => toggle(key)}
                    label={
                      <span className="grid">
                        <span className="font-medium">
                          <PersonName person={one} />
                        </span>
                        <span className="text-xs text-quiet">
                          {t(one.by_link ? 'requests.byLink' : 'requests.byOther', { when })}
                        </span>
                      </span>
                    }
                  />
                </li>
              );
            })}
          </ul>
          <div className="flex flex-wrap gap-2">
            <Button busy={isBusy} disabled={people.length === 0} onClick={() => decide(approve, reject)}>
              {t('requests.approve', { count: people.length })}
            </Button>
            <Button look="danger" busy={isBusy} disabled={people.length === 0} onClick={() => decide(reject, approve)}>
              {t('requests.reject', { count: people.length })}
            </Button>
            {people.length < requests.length ? (
              <Button look="ghost" onClick={() => setChosen(new Set(requests.map(keyOf)))}>
                {t('requests.all')}
              </Button>
            ) : null}
          </div>
        </>
      ) : null}
    </>
  );
}
