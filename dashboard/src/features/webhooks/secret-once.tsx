'use client';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy-field';

/** A secret that is never shown again. */
export default function SecretOnce({
  secret,
  rotated = false,
  done,
}: {
  secret: string;
  rotated?: boolean;
  done: () => void;
}) {
  const t = useTranslations('webhooks');
  return (
    <div className="grid grid-cols-1 gap-4">
      <p role="status" className="text-sm leading-6 text-quiet">
        {rotated ? t('rotatedText') : t('madeText')}
      </p>
      <CopyField label={t('secret')} value={secret} copy={t('copy')} copied={t('copied')} />
      <Button look="plain" onClick={done}>
        {t('done')}
      </Button>
    </div>
  );
}
