'use client';
import { diceOf, parseSpintax, saySpintax } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { Shuffle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { activeTemplatesQuery } from '@/features/bulk/bulk.api';
import { Button } from '@/ui/button';
import { Bubble } from './bubble';
import { columnsOf, type Draft } from './draft.rules';
import { KNOWN } from './pattern-editor';

/** What somebody would get: one alternative of each choice, and values that stand for his. */
export function LivePreview({ draft }: { draft: Draft }) {
  const t = useTranslations('broadcasts.content');
  const [turn, setTurn] = useState(0);
  const { data: templates = [] } = useQuery({ ...activeTemplatesQuery(), enabled: draft.kind === 'template' });
  const template = draft.kind === 'template' ? templates.find(({ id }) => id === draft.template?.id) : undefined;
  const values = useValues(draft);
  const parsed = parseSpintax(draft.kind === 'template' ? '' : draft.text);
  const text = template
    ? template.body.replaceAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/g, (place, name: string) => values.get(name) ?? place)
    : saySpintax(parsed, withPlaces(values, parsed.variables), diceOf(String(turn)));
  const media = draft.kind === 'file' ? draft.media : (template?.header?.media ?? null);
  if (text.trim() === '' && !media)
    return (
      <p className="rounded-card border border-dashed border-edge px-4 py-10 text-center text-sm leading-6 text-quiet">
        {t('nothing')}
      </p>
    );
  return (
    <>
      <Bubble text={text} media={media} label={t('preview')} />
      {parsed.choices.size > 0 ? (
        <Button look="ghost" className="justify-self-end" onClick={() => setTurn(turn + 1)}>
          <Shuffle className="size-4" aria-hidden /> {t('another')}
        </Button>
      ) : null}
      <p className="text-xs leading-5 text-quiet">{t('previewText')}</p>
    </>
  );
}

/** What has no value stands there as it is written. */
const withPlaces = (values: ReadonlyMap<string, string>, names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(names.map((name) => [name, values.get(name) ?? `{{${name}}}`]));

/** Of somebody who stands for all: of the first row of the file where there is one. */
function useValues({ file, variables }: Draft): ReadonlyMap<string, string> {
  const t = useTranslations('broadcasts.content.samples');
  const known = KNOWN.map((name) => [name, t(name)] as const);
  const common = Object.entries(variables).filter(([, value]) => value.trim() !== '');
  const row = file ? columnsOf(file).map(({ name, column }) => [name, file.first[column] ?? ''] as const) : [];
  return new Map([...common, ...known, ...row.filter(([, value]) => value.trim() !== '')]);
}
