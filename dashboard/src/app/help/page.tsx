import type { Language } from '@wasel/backend/contract';
import { useLocale, useTranslations } from 'next-intl';
import { use } from 'react';
import { ARTICLES } from '@/features/help/articles';
import { HelpFrame } from '@/features/help/help-frame';
import { plain, searchHelp } from '@/features/help/search';
import { titled } from '@/i18n/titled';
import { Link } from '@/ui/link';

export const generateMetadata = titled('help.title');

export default function HelpPage({ searchParams }: { searchParams: Promise<{ search?: string | string[] }> }) {
  const t = useTranslations('help');
  const search = [use(searchParams).search ?? ''].flat().join(' ').slice(0, 100).trim();
  return (
    <HelpFrame search={search}>
      <header className="grid gap-2">
        <h1 className="text-3xl font-semibold tracking-tight">{search ? t('found', { search }) : t('title')}</h1>
        <p className="leading-7 text-quiet">{t('lead')}</p>
      </header>
      {search ? <Found search={search} /> : <Articles />}
    </HelpFrame>
  );
}

const ROW = 'grid gap-1 rounded-card border border-line bg-surface p-5 shadow-card';

function Articles() {
  const articles = ARTICLES[useLocale() as Language];
  return (
    <ul className="grid gap-4">
      {Object.entries(articles).map(([name, article]) => (
        <li key={name} className={ROW}>
          <h2 className="font-semibold">
            <Link href={`/help/${name}`} className="underline-offset-4 hover:underline">
              {article.title}
            </Link>
          </h2>
          <p className="text-sm leading-6 text-quiet">{article.lead}</p>
          <ul className="mt-1 grid gap-x-4 sm:grid-cols-2">
            {article.sections.map(({ id, title }) => (
              <li key={id}>
                <a
                  href={`/help/${name}#${id}`}
                  className="flex min-h-10 items-center text-sm text-accent underline-offset-4 hover:underline"
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Found({ search }: { search: string }) {
  const t = useTranslations('help');
  const found = searchHelp(ARTICLES[useLocale() as Language], search);
  if (found.length === 0)
    return (
      <>
        <p role="status" className="leading-7">
          {t('nothing')}
        </p>
        <Articles />
      </>
    );
  return (
    <ul className="grid gap-3">
      {found.map(({ name, article, section: { id, title, body } }) => (
        <li key={`${name}#${id}`}>
          <a href={`/help/${name}#${id}`} className={`${ROW} hover:bg-raised`}>
            <span className="text-xs text-quiet">{article.title}</span>
            <span className="font-medium">{title}</span>
            <span className="line-clamp-2 text-sm leading-6 text-quiet">{body.map(plain).join(' ')}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
