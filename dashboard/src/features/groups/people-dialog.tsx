'use client';
import type { GroupParticipantView, GroupView } from '@wasel/backend/contract';
import { GROUP_PEOPLE_MAX } from '@wasel/backend/contract/words';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import { changesOf, useChange } from './changes.api';
import { personOf, resultOf } from './changes.rules';
import { insideKey, type PeoplePages } from './group-pages';
import { NumberChoice, Reason, useNumbersThatMay } from './number-choice';
import { Outcome, Standing } from './outcome';
import type { MemberVerb } from './people-verbs';

/** People that are named one by one; the others are counted. */
const NAMED = 8;

/** Who is chosen, whatever the list shows by now. */
function useChosen(jid: string, ids: ReadonlySet<string>): readonly GroupParticipantView[] {
  const lists = useQueryClient().getQueriesData<PeoplePages>({ queryKey: insideKey(jid, 'people') });
  const known = lists.flatMap(([, data]) => data?.pages.flatMap(({ items }) => items) ?? []);
  return [...new Map(known.filter(({ id }) => ids.has(id)).map((one) => [one.id as string, one])).values()];
}

/** Removes members, makes them admins, or no admins any more, after it was said whom it is about. */
export default function PeopleDialog({
  group,
  verb,
  selected,
  leave,
  done,
}: {
  group: GroupView;
  verb: MemberVerb;
  selected: ReadonlySet<string>;
  leave: () => void;
  /** It was done: nobody needs to be chosen any more. */
  done: () => void;
}) {
  const t = useTranslations('groups.changes');
  const number = useNumbersThatMay(group, verb);
  const { session } = number;
  const chosen = useChosen(group.jid, selected);
  // No number does this to itself: it leaves, or stays what it is.
  const people = chosen.filter((one) => one.session_id === null || one.session_id !== session?.id);
  const work = useChange(changesOf(group.jid)[verb], group.jid);
  const results = resultOf(work.done)?.participants;
  const count = people.length;
  const close = (): void => {
    if (work.done) done();
    leave();
  };
  const participants = people.flatMap((one) => personOf(one) ?? []);
  return (
    <Dialog title={t(`${verb}.title`, { count })} close={t('close')} open onOpenChange={close}>
      {results ? (
        <div role="status" className="grid grid-cols-1 gap-5">
          <Outcome results={results} />
          <Button onClick={close}>{t('close')}</Button>
        </div>
      ) : (
        <div className="grid grid-cols-1 gap-5">
          <Names people={people} />
          <p className="text-sm leading-6 text-quiet">{t(`${verb}.text`)}</p>
          {chosen.length > count ? <p className="text-sm leading-6 text-quiet">{t('notItself')}</p> : null}
          <NumberChoice choice={number} />
          <Reason why={number.why} />
          {count > GROUP_PEOPLE_MAX ? <FormFault>{t('tooMany', { max: GROUP_PEOPLE_MAX })}</FormFault> : null}
          <Standing {...work} />
          <div className="flex flex-wrap justify-end gap-2">
            <Button look="plain" onClick={close}>
              {t(work.isGoingOn ? 'close' : 'cancel')}
            </Button>
            <Button
              look={verb === 'remove' ? 'destructive' : 'primary'}
              busy={work.isAsking || work.isGoingOn}
              disabled={!session || count === 0 || count > GROUP_PEOPLE_MAX}
              onClick={() => session && work.ask({ session_id: session.id, participants })}
            >
              {t(`${verb}.submit`, { count })}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Names({ people }: { people: readonly GroupParticipantView[] }) {
  const t = useTranslations('groups');
  return (
    <ul className="flex flex-wrap gap-2 text-sm">
      {people.slice(0, NAMED).map(({ id, contact, push_name: called, phone_number: phone }) => (
        <li key={id} className="max-w-full truncate rounded-full bg-raised px-3 py-1">
          {contact?.name || called ? <bdi>{contact?.name ?? called}</bdi> : null}
          {contact?.name || called || phone === null ? null : <bdi dir="ltr">{phone}</bdi>}
          {contact?.name || called || phone !== null ? null : t('members.unnamed')}
        </li>
      ))}
      {people.length > NAMED ? (
        <li className="px-1 py-1 text-quiet">{t('changes.others', { count: people.length - NAMED })}</li>
      ) : null}
    </ul>
  );
}
