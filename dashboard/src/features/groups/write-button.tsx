'use client';
import type { GroupView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useMutation } from '@tanstack/react-query';
import { MessageSquare } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { conversationHref } from '@/features/inbox/inbox.links';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import { openGroupConversation } from './changes.api';
import { NumberChoice, Reason, useNumbersThatMay } from './number-choice';

/** Leads to the chat of the group, as one of our numbers has it. */
export default function WriteButton({ group }: { group: GroupView }) {
  const t = useTranslations('groups.changes');
  const router = useRouter();
  const { data: membership } = useMembership();
  const number = useNumbersThatMay(group, 'write');
  const [asking, setAsking] = useState(false);
  const open = useMutation({
    mutationFn: (session: string) => openGroupConversation(group.jid, session),
    onSuccess: ({ id }) => router.push(conversationHref(id)),
  });
  if (!membership || !may(membership.role, 'messages:send')) return null;
  const { session, among, why } = number;
  const work = (): void => (session ? open.mutate(session.id) : undefined);
  const fault = open.error ? <FormFault>{faultIn(t, open.error)}</FormFault> : null;
  return (
    <div className="grid max-w-full justify-items-start gap-1.5">
      <Button
        disabled={why !== null || !session}
        busy={open.isPending}
        aria-describedby={why ? 'no-writing' : undefined}
        onClick={() => (among.length > 1 ? setAsking(true) : work())}
      >
        <MessageSquare className="size-4 rtl:-scale-x-100" aria-hidden /> {t('write.open')}
      </Button>
      <Reason id="no-writing" why={why} />
      {asking ? null : fault}
      {asking ? (
        <Dialog title={t('write.title')} close={t('close')} open onOpenChange={() => setAsking(false)}>
          <div className="grid grid-cols-1 gap-5">
            <NumberChoice choice={number} />
            {fault}
            <Button busy={open.isPending} onClick={work}>
              {t('write.open')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}
