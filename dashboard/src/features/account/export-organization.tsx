'use client';
import { ExportLink } from '@wasel/backend/contract';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { call, faultIn, post } from '@/lib/api';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';

/** Has the browser save everything as a ZIP file, straight to the disk, however much it is. */
export function ExportOrganization() {
  const t = useTranslations('settings.export');
  const work = useMutation({
    mutationFn: () => call(ExportLink, '/organizations/current/exports', post({})),
    onSuccess: ({ url }) => location.assign(url),
  });
  return (
    <div className="grid justify-items-start gap-3">
      <Button look="plain" busy={work.isPending} onClick={() => work.mutate()}>
        <Download aria-hidden className="size-4" />
        {t('download')}
      </Button>
      {work.error ? <FormFault>{faultIn(t, work.error)}</FormFault> : null}
      <p role="status" className="text-sm text-quiet">
        {work.isSuccess ? t('started') : ''}
      </p>
    </div>
  );
}
