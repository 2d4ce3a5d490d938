'use client';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { Dialog } from '@/ui/dialog';
import { Link } from '@/ui/link';
import Account from './account';
import type { Place } from './pages';

/** On a phone: the pages that its edge has no room for, and what a wide screen has below them. */
export default function MorePages({ pages, close }: { pages: readonly Place[]; close: () => void }) {
  const t = useTranslations();
  const path = usePathname();
  return (
    <Dialog title={t('shell.more')} close={t('shell.close')} open onOpenChange={close}>
      <ul className="mb-4 grid gap-1">
        {pages.map(([href, name, Icon]) => {
          const here = path.startsWith(href);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={cx(
                  'flex min-h-12 items-center gap-3 rounded-lg px-3',
                  here ? 'bg-raised font-medium' : 'hover:bg-raised',
                )}
                onClick={close}
              >
                <Icon className="size-5 text-quiet" aria-hidden />
                {t(name)}
              </Link>
            </li>
          );
        })}
      </ul>
      <Account />
    </Dialog>
  );
}
