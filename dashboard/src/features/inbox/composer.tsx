'use client';
import type { ConversationView, MessageView } from '@wasel/backend/contract';
import { Clock, Mic, SendHorizontal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { faultIn } from '@/lib/api';
import { IconButton } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { AttachMenu, type FormName, FORMS } from './attach-menu';
import { AboutBar, AttachedFile, EveryoneBar } from './composer-bars';
import { useDraft } from './drafts';
import { type Attached, takesCaption } from './message.rules';
import { useLinkPreview } from './use-link-preview';
import { messageOf, useSendHere } from './use-send-here';

const SendLater = lazy(() => import('./send-later'));
const VoiceRecorder = lazy(() => import('./voice-recorder'));

/** The message that is answered, or changed. */
export type About = Readonly<{ kind: 'reply' | 'edit'; message: MessageView }>;

type ComposerProps = {
  conversation: ConversationView;
  disabledBecause: string | null;
  attached: Attached | null;
  attach: React.Dispatch<React.SetStateAction<Attached | null>>;
  about: About | null;
  forget: () => void;
  /** As `forget`, of one that may not be the one that is answered by now. */
  answered: (about: About | null) => void;
};

/** Enter sends, Shift+Enter breaks the line. What cannot be sent stays in the box, and what is not sent is kept. */
export function Composer(props: ComposerProps) {
  const { disabledBecause, about } = props;
  const [draft, write, sent] = useDraft(props.conversation.id);
  if (disabledBecause)
    return <p className="border-t border-line bg-surface p-4 text-center text-sm text-quiet">{disabledBecause}</p>;
  if (draft === null) return <div className="h-16 border-t border-line bg-surface" />;
  return about?.kind === 'edit' ? (
    <Editor key={about.message.id} {...props} message={about.message} />
  ) : (
    <Writer {...props} text={draft} write={write} sent={sent} />
  );
}

type WriterProps = ComposerProps & { text: string; write: (text: string) => void; sent: (text: string) => void };

function Writer({ conversation, attached, attach, about, forget, answered, text, write, sent }: WriterProps) {
  const t = useTranslations('inbox');
  const here = useSendHere(conversation);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<string>();
  const [uploading, setUploading] = useState(false);
  const [form, setForm] = useState<FormName | null>(null);
  const [voice, setVoice] = useState<'none' | 'open' | 'left'>('none');
  const [everyone, setEveryone] = useState(false);
  const preview = useLinkPreview(attached ? '' : text);
  const Form = form ? FORMS[form] : null;
  const isEmpty = text.trim() === '' && !attached;
  const busy = here.isPending || uploading;
  const replyTo = about ? { reply_to: about.message.id } : {};
  const mentions = everyone && (!attached || takesCaption(attached.as)) ? ({ mention_all: 'hidden' } as const) : {};

  async function submit(at?: Date): Promise<void> {
    if (isEmpty || busy) return;
    setFault(undefined);
    setUploading(attached !== null);
    try {
      const content = attached ? await messageOf(attached, text) : ({ type: 'text', text, ...preview.asked } as const);
      await here.send({ ...content, ...replyTo, ...mentions, ...(at ? { scheduled_at: at.toISOString() } : {}) });
      if (!attached || takesCaption(attached.as)) sent(text);
      attach((now) => (now === attached ? null : now));
      setEveryone(false);
      answered(about);
    } catch (error) {
      setFault(faultIn(t, error, t('notSent')));
    } finally {
      setUploading(false);
    }
  }
  function speak(): void {
    setFault(undefined);
    setVoice('open');
  }
  return (
    <>
      <Frame
        fault={fault}
        above={
          <>
            {about ? <AboutBar about={about} forget={forget} /> : null}
            {attached ? <AttachedFile key={attached.file.name} attached={attached} attach={attach} /> : null}
            {everyone ? <EveryoneBar forget={() => setEveryone(false)} /> : null}
            {preview.offer}
          </>
        }
        hint={t(voice === 'open' ? 'voice.hint' : 'hint')}
        submit={() => void submit()}
      >
        {voice === 'open' ? (
          <Suspense fallback={<div className="h-10" />}>
            <VoiceRecorder
              conversation={conversation}
              replyTo={about?.message.id}
              tell={setFault}
              leave={() => setVoice('left')}
              sent={forget}
            />
          </Suspense>
        ) : (
          <>
            <AttachMenu
              attach={attach}
              fillIn={setForm}
              mentionAll={conversation.group ? () => setEveryone(true) : undefined}
            />
            <Box
              text={text}
              write={(next) => {
                here.begin();
                write(next);
              }}
              submit={() => void submit()}
              forget={about ? forget : undefined}
              focus={about}
            />
            <LaterButton busy={busy} ask={() => (isEmpty ? setFault(t('later.nothing')) : setAsking(true))} />
            {isEmpty && !busy ? (
              <RecordButton focus={voice === 'left'} left={() => setVoice('none')} record={speak} />
            ) : (
              <SendButton busy={busy} />
            )}
          </>
        )}
      </Frame>
      {/* Beside the form: one inside the other would send both. */}
      {Form ? (
        <Suspense>
          <Form conversation={conversation} replyTo={about?.message.id} leave={() => setForm(null)} sent={forget} />
        </Suspense>
      ) : null}
      {asking ? <Later leave={() => setAsking(false)} schedule={(at) => void submit(at)} /> : null}
    </>
  );
}

const Later = ({ leave, schedule }: { leave: () => void; schedule: (at: Date) => void }) => (
  <Suspense>
    <SendLater
      leave={leave}
      schedule={(at) => {
        leave();
        schedule(at);
      }}
    />
  </Suspense>
);

/** Writes a message of ours anew. What was begun in the box is there again afterwards. */
function Editor({ conversation, message, about, forget }: ComposerProps & { message: MessageView }) {
  const t = useTranslations('inbox');
  const here = useSendHere(conversation);
  const [text, setText] = useState(message.text ?? '');
  const [fault, setFault] = useState<string>();
  async function submit(): Promise<void> {
    if (text.trim() === '' || here.isPending) return;
    if (text === message.text) return forget();
    try {
      await here.change({ type: 'edit', message_id: message.id, text });
      forget();
    } catch (error) {
      setFault(faultIn(t, error, t('notSent')));
    }
  }
  return (
    <Frame
      fault={fault}
      above={about ? <AboutBar about={about} forget={forget} /> : null}
      hint={t('hint')}
      submit={() => void submit()}
    >
      <Box text={text} write={setText} submit={() => void submit()} forget={forget} focus={about} />
      <SendButton busy={here.isPending} />
    </Frame>
  );
}

function Frame({
  fault,
  above,
  hint,
  submit,
  children,
}: {
  fault: string | undefined;
  above: React.ReactNode;
  hint: string;
  submit: () => void;
  children: React.ReactNode;
}) {
  return (
    <form
      className="grid grid-cols-1 gap-2 border-t border-line bg-surface p-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {fault ? <FormFault>{fault}</FormFault> : null}
      {above}
      <div className="flex items-end gap-2 max-sm:gap-1">{children}</div>
      <p className="px-12 text-xs text-quiet max-md:hidden">{hint}</p>
    </form>
  );
}

const SendButton = ({ busy }: { busy: boolean }) => {
  const t = useTranslations('inbox');
  return (
    <IconButton type="submit" label={t('send')} busy={busy}>
      <SendHorizontal className="size-5 rtl:-scale-x-100" aria-hidden />
    </IconButton>
  );
};

function LaterButton({ busy, ask }: { busy: boolean; ask: () => void }) {
  const t = useTranslations('inbox');
  return (
    <IconButton look="ghost" label={t('later.open')} disabled={busy} onClick={ask}>
      <Clock className="size-5" aria-hidden />
    </IconButton>
  );
}

/** In place of the other as long as there is nothing to send. The focus comes back to it from the recording. */
function RecordButton({ focus, left, record }: { focus: boolean; left: () => void; record: () => void }) {
  const t = useTranslations('inbox');
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus) button.current?.focus();
  }, [focus]);
  return (
    <IconButton ref={button} look="ghost" label={t('voice.record')} onBlur={left} onClick={record}>
      <Mic className="size-5" aria-hidden />
    </IconButton>
  );
}

/** Where it is written. The focus comes to it with a message that is answered or changed. */
function Box({
  text,
  write,
  submit,
  forget,
  focus,
}: {
  text: string;
  write: (text: string) => void;
  submit: () => void;
  forget: (() => void) | undefined;
  focus: About | null;
}) {
  const t = useTranslations('inbox');
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focus) box.current?.focus();
  }, [focus]);
  return (
    <textarea
      ref={box}
      dir="auto"
      rows={1}
      aria-label={t('message')}
      placeholder={t('message')}
      className="field-sizing-content max-h-40 min-h-10 min-w-0 grow resize-none rounded-lg border border-edge bg-surface px-3 py-2 text-base leading-6 placeholder:text-quiet sm:text-sm"
      value={text}
      onChange={(event) => write(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && forget) {
          event.preventDefault(); // nor is it for the chat
          return forget();
        }
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        submit();
      }}
    />
  );
}
