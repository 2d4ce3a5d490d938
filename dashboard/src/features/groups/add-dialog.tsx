'use client';
import type { GroupView } from '@wasel/backend/contract';
import { ADDITION_PER_STEP, ADDITION_STEP_SECONDS, GROUP_ADDITION_MAX } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import { changesOf, useChange, useStartAddition } from './changes.api';
import { AT_ONCE, paceOf, resultOf } from './changes.rules';
import { NumberChoice, Reason, useNumbersThatMay } from './number-choice';
import { Outcome, Standing } from './outcome';
import { numbersOf, PeopleField } from './people-field';

/** Adds people: some at once, many in steps. */
export default function AddDialog({ group, leave }: { group: GroupView; leave: () => void }) {
  const t = useTranslations('groups.changes');
  const number = useNumbersThatMay(group, 'add');
  const [text, setText] = useState('');
  const [invite, setInvite] = useState(true);
  const [key] = useState(() => crypto.randomUUID());
  const work = useChange(changesOf(group.jid).add, group.jid);
  const addition = useStartAddition(group.jid);
  const results = resultOf(work.done)?.participants;
  const { good, wrong } = numbersOf(text);
  const inSteps = good.length > AT_ONCE;
  const { steps, minutes } = paceOf(good.length);

  function submit(): void {
    if (!number.session) return;
    const participants = good.map((phone) => ({ phone_number: phone }));
    const asked = { session_id: number.session.id, participants, invite };
    if (inSteps) addition.mutate({ key, ...asked }, { onSuccess: leave });
    else work.ask(asked);
  }
  return (
    <Dialog title={t('add.title')} close={t('close')} open stays onOpenChange={leave}>
      {results ? (
        <div role="status" className="grid grid-cols-1 gap-5">
          <Outcome results={results} />
          <Button onClick={leave}>{t('close')}</Button>
        </div>
      ) : (
        <form
          className="grid grid-cols-1 gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <PeopleField text={text} change={setText} />
          <NumberChoice choice={number} />
          <Reason why={number.why} />
          <CheckField label={t('invite')} checked={invite} onChange={(event) => setInvite(event.target.checked)} />
          {inSteps ? (
            <p role="status" className="rounded-lg bg-accent-soft px-3 py-2.5 text-sm leading-6">
              {t('add.steps', {
                people: ADDITION_PER_STEP,
                pause: ADDITION_STEP_SECONDS / 60,
                steps,
                minutes,
              })}
            </p>
          ) : null}
          {good.length > GROUP_ADDITION_MAX ? <FormFault>{t('tooMany', { max: GROUP_ADDITION_MAX })}</FormFault> : null}
          <Standing {...work} />
          {addition.error ? <FormFault>{faultIn(t, addition.error)}</FormFault> : null}
          <Button
            type="submit"
            busy={work.isAsking || work.isGoingOn || addition.isPending}
            disabled={!number.session || good.length === 0 || wrong.length > 0 || good.length > GROUP_ADDITION_MAX}
          >
            {t('add.submit', { count: good.length })}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
