'use client';
import type { GroupView } from '@wasel/backend/contract';
import { GROUP_DESCRIPTION_MAX, GROUP_SUBJECT_MAX } from '@wasel/backend/contract/words';
import { ImageUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { upload } from '@/features/inbox/inbox.api';
import { faultIn } from '@/lib/api';
import { AreaField } from '@/ui/area-field';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { Field, FormFault } from '@/ui/field';
import { changesOf, useChange } from './changes.api';
import type { GroupNumber } from './changes.rules';
import { Done, Standing } from './outcome';

/** Says why a number may change nothing here: name, description and picture are locked together. */
export const WHY_LOCKED = 'why-locked';

/** A group, and the number that changes it. */
export type At = Readonly<{ group: GroupView; number: GroupNumber }>;

/** What it is called. */
export function SubjectForm({ group, number }: At) {
  const t = useTranslations('groups.changes');
  const work = useChange(changesOf(group.jid).subject, group.jid);
  const [subject, setSubject] = useState(group.subject);
  const why = number.cannot.subject ?? null;
  const next = subject.trim();
  return (
    <form
      className="grid grid-cols-1 gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        work.ask({ session_id: number.session_id, subject: next });
      }}
    >
      <div className="flex flex-wrap items-end gap-2">
        <Field
          className="min-w-48 flex-1"
          label={t('subject')}
          dir="auto"
          maxLength={GROUP_SUBJECT_MAX}
          autoComplete="off"
          disabled={why !== null}
          {...(why ? { 'aria-describedby': WHY_LOCKED } : {})}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
        />
        <Button
          type="submit"
          look="plain"
          aria-label={t('settings.saveSubject')}
          busy={work.isAsking || work.isGoingOn}
          disabled={why !== null || next === '' || next === group.subject}
        >
          {t('save')}
        </Button>
      </div>
      <Standing {...work} />
    </form>
  );
}

/** What it says of itself; nothing takes it away. */
export function DescriptionForm({ group, number }: At) {
  const t = useTranslations('groups.changes');
  const work = useChange(changesOf(group.jid).description, group.jid);
  const [text, setText] = useState(group.description ?? '');
  const why = number.cannot.description ?? null;
  const next = text.trim() === '' ? null : text.trim();
  return (
    <form
      className="grid grid-cols-1 gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        work.ask({ session_id: number.session_id, description: next });
      }}
    >
      <AreaField
        label={t('description')}
        maxLength={GROUP_DESCRIPTION_MAX}
        disabled={why !== null}
        {...(why ? { 'aria-describedby': WHY_LOCKED } : {})}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Standing {...work} />
      <Button
        type="submit"
        look="plain"
        className="justify-self-start"
        aria-label={t('settings.saveDescription')}
        busy={work.isAsking || work.isGoingOn}
        disabled={why !== null || next === group.description}
      >
        {t('save')}
      </Button>
    </form>
  );
}

/** What it looks like. */
export function PictureForm({ group, number }: At) {
  const t = useTranslations('groups.changes');
  const work = useChange(changesOf(group.jid).picture, group.jid);
  const input = useRef<HTMLInputElement>(null);
  const [isUploading, setUploading] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const why = number.cannot.picture ?? null;
  const session = number.session_id;

  async function take(file: File): Promise<void> {
    work.reset();
    setFault(undefined);
    setUploading(true);
    try {
      const { id: media } = await upload(file);
      work.ask({ session_id: session, media_id: media });
    } catch (error) {
      setFault(error);
    } finally {
      setUploading(false);
    }
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="grid gap-0.5">
        <h3 className="text-sm font-medium">{t('picture.title')}</h3>
        <p className="text-sm leading-6 text-quiet">{t('picture.text')}</p>
      </div>
      <input
        ref={input}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        hidden
        aria-label={t('picture.choose')}
        disabled={why !== null}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void take(file);
          target.value = ''; // the same one can be chosen again
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          look="plain"
          busy={isUploading || work.isAsking || work.isGoingOn}
          disabled={why !== null}
          aria-describedby={why ? WHY_LOCKED : undefined}
          onClick={() => input.current?.click()}
        >
          <ImageUp className="size-4" aria-hidden /> {t('picture.choose')}
        </Button>
        {why ? null : (
          <EndButton
            label={t('picture.remove')}
            cancel={t('cancel')}
            title={t('picture.confirm')}
            text={t('picture.confirmText')}
            work={{ isPending: work.isAsking, reset: work.reset }}
            fault={work.error ? faultIn(t, work.error) : undefined}
            run={() => work.askAndWait({ session_id: session, media_id: null })}
          />
        )}
      </div>
      <Standing {...work} />
      {fault === undefined ? null : <FormFault>{faultIn(t, fault)}</FormFault>}
      {work.done ? <Done>{t('picture.done')}</Done> : null}
    </div>
  );
}
