'use client';
import type { TemplateView } from '@wasel/backend/contract';
import { Copy } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { useCopyTemplate } from './templates.api';

const NAME_MAX = 100;

/** Makes one of one's own out of any, and opens it. */
export function CopyButton({ template: { id, name } }: { template: TemplateView }) {
  const t = useTranslations('templates');
  const router = useRouter();
  const copy = useCopyTemplate();
  return (
    <>
      <Button
        look="plain"
        aria-label={t('copyOf', { name })}
        busy={copy.isPending}
        onClick={() =>
          copy.mutate(
            { id, name: t('copyName', { name }).slice(0, NAME_MAX) },
            { onSuccess: (made) => router.push(`/templates/${made.id}`) },
          )
        }
      >
        <Copy className="size-4" aria-hidden /> {t('copy')}
      </Button>
      {copy.error ? <FormFault>{faultIn(t, copy.error)}</FormFault> : null}
    </>
  );
}
