'use client';
import { GROUP_DESCRIPTION_MAX, GROUP_PEOPLE_MAX, GROUP_SUBJECT_MAX } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { textOf } from '@/lib/form';
import { AreaField } from '@/ui/area-field';
import { Button, buttonClass } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Dialog } from '@/ui/dialog';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Link } from '@/ui/link';
import { create, useChange } from './changes.api';
import { resultOf } from './changes.rules';
import { groupHref } from './groups.links';
import { NumberChoice } from './number-choice';
import { Outcome, Standing } from './outcome';
import { numbersOf, PeopleField } from './people-field';
import { useLinked } from './use-linked';
import { useTimes } from './use-times';

/** Makes a group. */
export default function NewGroup({ leave }: { leave: () => void }) {
  const t = useTranslations('groups.changes');
  const number = useLinked();
  const times = useTimes();
  const [text, setText] = useState('');
  const work = useChange(create);
  const { good, wrong } = numbersOf(text);
  const results = resultOf(work.done)?.participants;

  function submit(form: FormData): void {
    if (!number.session) return;
    const description = textOf(form, 'description').trim();
    work.ask({
      session_id: number.session.id,
      subject: textOf(form, 'subject').trim(),
      participants: good.map((phone) => ({ phone_number: phone })),
      ...(description === '' ? {} : { description }),
      announcement: form.has('announcement'),
      locked: form.has('locked'),
      join_approval: form.has('join_approval'),
      ephemeral_seconds: Number(textOf(form, 'ephemeral')) as 0,
      invite: form.has('invite'),
    });
  }
  if (work.done?.group_jid)
    return (
      <Dialog title={t('create.done')} close={t('close')} open stays onOpenChange={leave}>
        <div role="status" className="grid grid-cols-1 gap-5">
          {results && results.length > 0 ? <Outcome results={results} /> : null}
          <Link href={groupHref(work.done.group_jid)} className={buttonClass()}>
            {t('create.open')}
          </Link>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={t('create.title')} close={t('close')} open stays onOpenChange={leave}>
      <form
        className="grid grid-cols-1 gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        <NumberChoice choice={number} />
        <Field
          label={t('subject')}
          name="subject"
          dir="auto"
          maxLength={GROUP_SUBJECT_MAX}
          autoComplete="off"
          pattern=".*\S.*"
          required
        />
        <PeopleField text={text} change={setText} />
        {good.length > GROUP_PEOPLE_MAX ? (
          <FormFault>{t('create.tooMany', { max: GROUP_PEOPLE_MAX })}</FormFault>
        ) : null}
        <details className="group/more rounded-lg border border-line">
          <summary className="flex min-h-11 cursor-pointer items-center px-3 text-sm font-medium">
            {t('create.more')}
          </summary>
          <div className="grid grid-cols-1 gap-4 px-3 pb-4">
            <AreaField label={t('description')} name="description" maxLength={GROUP_DESCRIPTION_MAX} />
            <div className="-mx-2 grid">
              <CheckField label={t('invite')} name="invite" defaultChecked />
              <CheckField label={t('settings.announcement.label')} name="announcement" />
              <CheckField label={t('settings.locked.label')} name="locked" />
              <CheckField label={t('settings.join_approval.label')} name="join_approval" />
            </div>
            <SelectField label={t('settings.ephemeral')} name="ephemeral" options={times(0)} defaultValue="0" />
          </div>
        </details>
        <Standing {...work} />
        {number.session ? null : <p className="text-sm leading-6 text-quiet">{t('create.noNumber')}</p>}
        <Button
          type="submit"
          busy={work.isAsking || work.isGoingOn}
          disabled={!number.session || wrong.length > 0 || good.length > GROUP_PEOPLE_MAX}
        >
          {t('create.submit')}
        </Button>
      </form>
    </Dialog>
  );
}
