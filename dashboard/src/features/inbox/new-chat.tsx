'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { refreshConversations } from './conversations.live';
import { conversationQuery, openConversation } from './inbox.api';

/** Opens the conversation with a number. */
export default function NewChat({ leave, show }: { leave: () => void; show: (id: string) => void }) {
  const t = useTranslations('inbox');
  const cache = useQueryClient();
  const [fault, setFault] = useState<string>();

  async function submit(to: string): Promise<void> {
    try {
      const conversation: ConversationView = await openConversation(to);
      cache.setQueryData(conversationQuery(conversation.id).queryKey, conversation);
      show(conversation.id);
      await refreshConversations(cache, new Set([conversation.id]));
    } catch (error) {
      setFault(faultIn(t, error, t('notSent')));
    }
  }
  return (
    <Dialog title={t('new')} close={t('close')} open onOpenChange={leave}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(textOf(new FormData(event.currentTarget), 'to'));
        }}
      >
        <Field
          label={t('phone')}
          name="to"
          type="tel"
          dir="ltr"
          placeholder="+972 54 123 4567"
          error={fault}
          required
        />
        <Button type="submit">{t('open')}</Button>
      </form>
    </Dialog>
  );
}
