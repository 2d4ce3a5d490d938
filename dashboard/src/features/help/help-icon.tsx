import { CircleQuestionMark } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';

/** The way to the help, where there is room for an icon only. */
export function HelpIcon() {
  const t = useTranslations('shell');
  return (
    <Link href="/help" aria-label={t('help')} title={t('help')} className={buttonClass('ghost', 'size-10 px-0')}>
      <CircleQuestionMark className="size-5" aria-hidden />
    </Link>
  );
}
