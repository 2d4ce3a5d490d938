'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CheckField } from '@/ui/check-field';
import { siteIn } from './message.rules';

/**
 * Offers to show what the page behind the first link of a text says. It is asked when somebody wants that, and not before the
 * message leaves.
 */
export function useLinkPreview(text: string): {
  /** What the message has for it. */
  asked: { link_preview?: true };
  offer: React.ReactNode;
} {
  const t = useTranslations('inbox');
  const [wanted, want] = useState<string | null>(null);
  const site = siteIn(text);
  if (site === null) return { asked: {}, offer: null };
  const offer = (
    <CheckField
      label={t.rich('linkPreview', { name: site, site: Site })}
      checked={site === wanted}
      onChange={(event) => want(event.target.checked ? site : null)}
    />
  );
  return { asked: site === wanted ? { link_preview: true } : {}, offer };
}

const Site = (name: React.ReactNode) => <bdi dir="ltr">{name}</bdi>;
