import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { buttonClass } from '@/ui/button';
import { EmptyState } from '@/ui/states';

export default function NotFound() {
  const t = useTranslations('notFound');
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        title={t('title')}
        action={
          <Link href="/" className={buttonClass('plain')}>
            {t('home')}
          </Link>
        }
      >
        {t('text')}
      </EmptyState>
    </main>
  );
}
