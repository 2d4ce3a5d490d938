import { ArrowLeft } from 'lucide-react';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';

/** The way back from a page that the settings, or a page of theirs, lead to. */
export const SettingsLink = ({ href = '/settings', children }: { href?: string; children: React.ReactNode }) => (
  <Link href={href} className={buttonClass('ghost', '-ms-4 justify-self-start')}>
    <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {children}
  </Link>
);
