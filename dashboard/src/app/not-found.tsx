import { Compass } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { titled } from '@/i18n/titled';
import { buttonClass } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { EmptyState } from '@/ui/states';
import { Link } from '@/ui/link';

export const generateMetadata = titled('notFound.title');

export default function NotFound() {
  const t = useTranslations('notFound');
  return (
    <main className="grid min-h-dvh grid-rows-[auto_1fr] p-5 sm:p-8">
      <Link href="/" className="inline-flex min-h-10 items-center justify-self-start">
        <Logo />
      </Link>
      <div className="grid place-items-center">
        <EmptyState
          title={t('title')}
          icon={<Compass className="size-6" />}
          action={
            <Link href="/" className={buttonClass('primary')}>
              {t('home')}
            </Link>
          }
        >
          {t('text')}
        </EmptyState>
      </div>
    </main>
  );
}
