'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import { type Content, useSendHere } from './use-send-here';

/** What each of these forms is given. */
export type SendingForm = {
  conversation: ConversationView;
  replyTo: string | undefined;
  leave: () => void;
  /** It was accepted. */
  sent: () => void;
};

/** A form that makes one message; it stays open, and says so, when that is not accepted. */
export function SendingDialog({
  title,
  conversation,
  replyTo,
  leave,
  sent,
  contentOf,
  children,
}: SendingForm & {
  title: string;
  /** What was filled in; null when it is not whole, which the form says itself. */
  contentOf: (form: FormData) => Content | null;
  children: React.ReactNode;
}) {
  const t = useTranslations('inbox');
  const here = useSendHere(conversation);
  const [fault, setFault] = useState<string>();
  async function submit(form: FormData): Promise<void> {
    const content = contentOf(form);
    if (!content) return;
    try {
      await here.send({ ...content, ...(replyTo === undefined ? {} : { reply_to: replyTo }) });
      sent();
      leave();
    } catch (error) {
      setFault(faultIn(t, error, t('notAccepted')));
    }
  }
  return (
    <Dialog title={title} close={t('close')} open onOpenChange={leave}>
      <form
        className="grid grid-cols-1 gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        {fault ? <FormFault>{fault}</FormFault> : null}
        {children}
        <Button type="submit" busy={here.isPending}>
          {t('send')}
        </Button>
      </form>
    </Dialog>
  );
}
