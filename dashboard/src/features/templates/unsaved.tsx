'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { ConfirmDialog } from '@/ui/confirm-dialog';

/** Asks before a page is left that has something unsaved, by a link of ours, by closing it or by loading it anew. */
export function Unsaved({ dirty }: { dirty: boolean }) {
  const t = useTranslations('templates.unsaved');
  const router = useRouter();
  const [leaving, setLeaving] = useState<string>();
  useEffect(() => {
    if (!dirty) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    const ask = (event: MouseEvent) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="/"]');
      if (!link || link.target === '_blank' || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      setLeaving(link.getAttribute('href') ?? '/');
    };
    addEventListener('beforeunload', stay);
    document.addEventListener('click', ask, { capture: true });
    return () => {
      removeEventListener('beforeunload', stay);
      document.removeEventListener('click', ask, { capture: true });
    };
  }, [dirty]);
  return (
    <ConfirmDialog
      title={t('title')}
      confirm={t('leave')}
      cancel={t('stay')}
      open={leaving !== undefined}
      onOpenChange={() => setLeaving(undefined)}
      onConfirm={() => router.push(leaving ?? '/templates')}
    >
      {t('text')}
    </ConfirmDialog>
  );
}
