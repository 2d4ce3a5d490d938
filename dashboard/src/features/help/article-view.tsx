import { ArrowLeft, Link as LinkIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { buttonClass } from '@/ui/button';
import type { Article, Block } from './articles/article';
import { Link } from '@/ui/link';

/** One article, with a list of what is in it. */
export function ArticleView({ article }: { article: Article }) {
  const t = useTranslations('help');
  return (
    <article className="grid gap-8">
      <header className="grid gap-2">
        <Link href="/help" className={buttonClass('ghost', '-ms-4 justify-self-start print:hidden')}>
          <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('title')}
        </Link>
        <h1 className="text-3xl font-semibold tracking-tight text-balance">{article.title}</h1>
        <p className="leading-7 text-quiet">{article.lead}</p>
      </header>
      <nav aria-label={t('contents')} className="rounded-card border border-line bg-surface p-2 print:hidden">
        <ul>
          {article.sections.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`} className="flex min-h-10 items-center rounded-lg px-3 text-sm hover:bg-raised">
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {article.sections.map(({ id, title, body }) => (
        <section
          key={id}
          id={id}
          className="grid scroll-mt-6 gap-3 rounded-lg break-inside-avoid target:bg-accent-soft target:p-4"
        >
          <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
            {title}
            <a
              href={`#${id}`}
              aria-label={t('linkTo', { title })}
              className="p-1 text-quiet hover:text-ink print:hidden"
            >
              <LinkIcon className="size-4" aria-hidden />
            </a>
          </h2>
          {body.map((block) => (
            <BlockView key={String(block)} block={block} />
          ))}
        </section>
      ))}
    </article>
  );
}

function BlockView({ block }: { block: Block }) {
  if (typeof block === 'string')
    return (
      <p className="leading-7 wrap-anywhere">
        <Marked text={block} />
      </p>
    );
  return (
    <ol className="grid list-decimal gap-1.5 ps-6 leading-7 marker:text-quiet">
      {block.map((step) => (
        <li key={step} className="wrap-anywhere">
          <Marked text={step} />
        </li>
      ))}
    </ol>
  );
}

/** The three marks of an article: `**words**`, a code between backticks, and `[words](address)`. */
function Marked({ text }: { text: string }) {
  const parts = text.split(/(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\([^)]+\))/);
  return parts.map((part, index) => {
    const key = `${index} ${part}`;
    if (part.startsWith('**')) return <strong key={key}>{part.slice(2, -2)}</strong>;
    if (part.startsWith('`'))
      return (
        <code key={key} dir="ltr" className="rounded bg-raised px-1.5 py-0.5 text-[0.9em]">
          {part.slice(1, -1)}
        </code>
      );
    const [, words, address] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? [];
    if (!words || !address) return part;
    return (
      <a key={key} href={address} className="font-medium text-accent underline underline-offset-2">
        {words}
      </a>
    );
  });
}
