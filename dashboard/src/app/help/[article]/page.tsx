import type { Language } from '@wasel/backend/contract';
import type { Metadata } from 'next';
import { getLocale } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { ArticleView } from '@/features/help/article-view';
import { ARTICLES } from '@/features/help/articles';
import type { Article } from '@/features/help/articles/article';
import { HelpFrame } from '@/features/help/help-frame';

type Props = { params: Promise<{ article: string }> };

async function articleOf({ params }: Props): Promise<Article> {
  const articles: Readonly<Record<string, Article>> = ARTICLES[(await getLocale()) as Language];
  const { article: name } = await params;
  return (Object.hasOwn(articles, name) ? articles[name] : undefined) ?? notFound();
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { title, lead: description } = await articleOf(props);
  return { title, description };
}

export default async function ArticlePage(props: Props) {
  return (
    <HelpFrame>
      <ArticleView article={await articleOf(props)} />
    </HelpFrame>
  );
}
