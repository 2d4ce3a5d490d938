import { ArrowLeft } from 'lucide-react';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';

/** The way back to all of them. */
export const BackLink = ({ children }: { children: React.ReactNode }) => (
  <Link href="/bulk" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
    <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {children}
  </Link>
);
