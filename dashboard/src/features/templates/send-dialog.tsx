'use client';
import type { TemplateView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { SkeletonRows } from '@/ui/states';

const SendForm = lazy(() => import('./send-form').then(({ SendForm: form }) => ({ default: form })));

/** Asks for a number and the values, and sends. */
export function SendButton({ template }: { template: TemplateView }) {
  const t = useTranslations('templates');
  const [open, setOpen] = useState(false);
  const { data: membership } = useMembership();
  if (!membership || !may(membership.role, 'messages:send')) return null;
  return (
    <>
      <Button look="plain" aria-label={t('sendOf', { name: template.name })} onClick={() => setOpen(true)}>
        <Send className="size-4 rtl:-scale-x-100" aria-hidden /> {t('send')}
      </Button>
      <Dialog title={t('sendOf', { name: template.name })} close={t('close')} open={open} onOpenChange={setOpen}>
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <SendForm template={template} />
        </Suspense>
      </Dialog>
    </>
  );
}
