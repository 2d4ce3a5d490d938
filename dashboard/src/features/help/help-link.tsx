import { useTranslations } from 'next-intl';
import type { HelpTopic } from './articles';

export const helpHref = (topic: HelpTopic): string => `/help/${topic}`;

/** The way from what is on the screen to what the help says about it; what is on the screen stays open. */
export function HelpLink({ topic, children }: { topic: HelpTopic; children?: React.ReactNode }) {
  const t = useTranslations('shell');
  return (
    <a
      href={helpHref(topic)}
      target="_blank"
      rel="noreferrer"
      className="inline-flex min-h-10 w-fit items-center text-sm font-medium text-accent underline underline-offset-2"
    >
      {children ?? t('whatToDo')}
      <span className="sr-only">{t('newTab')}</span>
    </a>
  );
}
