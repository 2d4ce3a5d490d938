'use client';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { activeTemplatesQuery } from '@/features/bulk/bulk.api';
import { MediaField } from '@/features/inbox/media-field';
import { faultIn } from '@/lib/api';
import { cx } from '@/lib/cx';
import { Field, SelectField } from '@/ui/field';
import { Card } from '@/ui/states';
import { type Draft, variablesIn } from './draft.rules';
import { LivePreview } from './live-preview';
import { PatternEditor } from './pattern-editor';
import type { SetDraft } from './use-draft';

type Props = Readonly<{ draft: Draft; set: SetDraft }>;

const KINDS = ['text', 'file', 'template'] as const;

/** What everybody gets, with what one of them would see beside. */
export function ContentStep(props: Props) {
  const t = useTranslations('broadcasts.content');
  const { draft } = props;
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Card className="grid grid-cols-1 gap-5">
        <Kinds {...props} />
        {draft.kind === 'file' ? <Media {...props} /> : null}
        {draft.kind === 'template' ? <Templates {...props} /> : <PatternEditor {...props} />}
        <Common {...props} />
      </Card>
      <div className="grid gap-2 lg:sticky lg:top-6">
        <h2 className="text-sm font-medium">{t('preview')}</h2>
        <LivePreview draft={draft} />
      </div>
    </div>
  );
}

/** The picture, film or document that everybody gets. */
function Media({ draft: { media }, set }: Props) {
  const t = useTranslations('broadcasts');
  return (
    <div className="grid gap-2">
      <MediaField
        media={media}
        change={(to) => set({ media: to })}
        words={{ add: t('content.addFile'), remove: t('content.removeFile'), nameless: t('file') }}
        faultOf={(error) => faultIn(t, error)}
      />
    </div>
  );
}

function Kinds({ draft, set }: Props) {
  const t = useTranslations('broadcasts.content');
  return (
    <fieldset className="grid grid-cols-3 gap-1 rounded-lg bg-raised p-1">
      <legend className="sr-only">{t('kind')}</legend>
      {KINDS.map((kind) => (
        <label
          key={kind}
          className={cx(
            'relative grid min-h-10 place-items-center rounded-md px-2 text-center text-sm',
            draft.kind === kind ? 'bg-surface font-medium shadow-card' : 'text-quiet hover:text-ink',
          )}
        >
          <input
            type="radio"
            name="kind"
            className="absolute inset-0 cursor-pointer appearance-none rounded-md"
            checked={draft.kind === kind}
            onChange={() => set({ kind })}
          />
          {t(`kinds.${kind}`)}
        </label>
      ))}
    </fieldset>
  );
}

function Templates({ draft, set }: Props) {
  const t = useTranslations('broadcasts.content');
  const { data: templates = [] } = useQuery(activeTemplatesQuery());
  return (
    <SelectField
      label={t('kinds.template')}
      hint={t('templateHint')}
      value={draft.template?.id ?? ''}
      options={[['', t('chooseTemplate')], ...templates.map(({ id, name }) => [id, name] as const)]}
      onChange={({ target }) => {
        const chosen = templates.find(({ id }) => id === target.value);
        set({ template: chosen ? { id: chosen.id, variables: chosen.variables } : null });
      }}
    />
  );
}

/** Values for who has none of his own. */
function Common({ draft, set }: Props) {
  const t = useTranslations('broadcasts.content.common');
  const variables = variablesIn(draft);
  if (variables.length === 0) return null;
  return (
    <fieldset className="grid grid-cols-1 gap-4 border-t border-line pt-5">
      <legend className="sr-only">{t('title')}</legend>
      <div className="grid gap-1">
        <p aria-hidden className="text-sm font-medium">
          {t('title')}
        </p>
        <p className="text-sm leading-6 text-quiet">{t('text')}</p>
      </div>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {variables.map((name) => (
          <Field
            key={name}
            label={`\u2068{{${name}}}\u2069`}
            dir="auto"
            maxLength={1_024}
            value={draft.variables[name] ?? ''}
            onChange={({ target }) => set((now) => ({ variables: { ...now.variables, [name]: target.value } }))}
          />
        ))}
      </div>
    </fieldset>
  );
}
