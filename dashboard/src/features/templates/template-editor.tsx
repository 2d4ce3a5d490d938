'use client';
import type { MediaView, TemplateView } from '@wasel/backend/contract';
import { malformedIn, variablesOf } from '@wasel/backend/contract/words';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useId, useRef, useState } from 'react';
import { MediaField } from '@/features/inbox/media-field';
import { faultIn } from '@/lib/api';
import { cx } from '@/lib/cx';
import { Button } from '@/ui/button';
import { CONTROL } from '@/ui/control';
import { EndButton } from '@/ui/end-button';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Card } from '@/ui/states';
import { PhonePreview } from './phone-preview';
import { useCreateTemplate, useDeleteTemplate, useUpdateTemplate } from './templates.api';
import { Unsaved } from './unsaved';
import { directionOf, useTemplateWords } from './use-template-words';

const TEXT_MAX = 65_536;
const CAPTION_MAX = 1024;
/** Offered beside those that the text has already. */
const OFFERED = ['customer_name', 'amount', 'due_date', 'order_number'];
const IMAGES = new Set(['image/jpeg', 'image/png', 'image/webp']);

type Draft = Readonly<{ name: string; category: string; language: string; body: string; media: MediaView | null }>;

const draftOf = (template: TemplateView | null, language: string): Draft => ({
  name: template?.name ?? '',
  category: template?.category ?? 'custom',
  language,
  body: template?.body ?? '',
  media: template?.header?.media ?? null,
});

/** Writes a template, with what a person would see of it beside. */
export function TemplateEditor({ template, language }: { template: TemplateView | null; language: string }) {
  const t = useTranslations('templates');
  const router = useRouter();
  const { categories, languages, languageOf, sampleOf } = useTemplateWords();
  const [saved, setSaved] = useState(() => draftOf(template, language));
  const [draft, setDraft] = useState(saved);
  const [create, update] = [useCreateTemplate(), useUpdateTemplate()];
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const samples = Object.fromEntries(variablesOf(draft.body).map((variable) => [variable, sampleOf(variable)]));
  const fault = create.error ?? update.error;
  const known = languages.some(([one]) => one === draft.language);

  function save(): void {
    const { media, ...fields } = draft;
    const header = media && { type: IMAGES.has(media.mime_type) ? 'image' : 'document', media_id: media.id };
    const to = { ...fields, category: fields.category as TemplateView['category'], header } as never;
    if (template) update.mutate({ ...(to as object), id: template.id }, { onSuccess: () => setSaved(draft) });
    else
      create.mutate(to, {
        onSuccess: ({ id }) => {
          setSaved(draft);
          router.replace(`/templates/${id}`);
        },
      });
  }

  return (
    <form
      className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Card className="grid grid-cols-1 gap-5">
        <Field
          label={t('name')}
          dir="auto"
          maxLength={100}
          required
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
          <SelectField
            label={t('category')}
            options={categories}
            value={draft.category}
            onChange={(event) => set({ category: event.target.value })}
          />
          <SelectField
            label={t('language')}
            options={known ? languages : [...languages, [draft.language, languageOf(draft.language)]]}
            value={draft.language}
            onChange={(event) => set({ language: event.target.value })}
          />
        </div>
        <Body draft={draft} change={(body) => set({ body })} />
        <Header media={draft.media} change={(media) => set({ media })} />
        {fault ? <FormFault>{faultIn(t, fault)}</FormFault> : null}
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" busy={create.isPending || update.isPending} disabled={!dirty}>
            {t('save')}
          </Button>
          <p role="status" className="text-sm text-quiet">
            {update.isSuccess && !dirty ? t('saved') : ''}
          </p>
          {template ? <Delete template={template} /> : null}
        </div>
      </Card>
      <div className="grid gap-2 lg:sticky lg:top-6">
        <h2 className="text-sm font-medium">{t('preview')}</h2>
        <PhonePreview body={draft.body} language={draft.language} values={samples} media={draft.media} />
        <p className="text-xs leading-5 text-quiet">{t('previewText')}</p>
      </div>
      <Unsaved dirty={dirty} />
    </form>
  );
}

function Body({ draft: { body, language, media }, change }: { draft: Draft; change: (body: string) => void }) {
  const t = useTranslations('templates');
  const { sampleOf } = useTemplateWords();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const max = media ? CAPTION_MAX : TEXT_MAX;
  const variables = variablesOf(body);
  const malformed = malformedIn(body);
  const offered = [...variables, ...OFFERED.filter((name) => !variables.includes(name))];

  /** Where the caret is, which then stands behind it. */
  function insert(name: string): void {
    const [from, to] = [area.current?.selectionStart ?? body.length, area.current?.selectionEnd ?? body.length];
    const place = `{{${name}}}`;
    change(body.slice(0, from) + place + body.slice(to));
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from + place.length, from + place.length);
    });
  }

  return (
    <div className="grid min-w-0 gap-2">
      <label htmlFor={id} className="text-sm font-medium">
        {t('body')}
      </label>
      <textarea
        id={id}
        ref={area}
        rows={8}
        required
        lang={language}
        dir={directionOf(language)}
        maxLength={max}
        value={body}
        aria-describedby={`${id}-say`}
        className={cx(CONTROL, 'py-2 leading-6')}
        onChange={(event) => change(event.target.value)}
      />
      <div id={`${id}-say`} className="grid gap-1 text-xs leading-5 text-quiet">
        <p>{t('characters', { count: body.length, max })}</p>
        {malformed.length > 0 ? (
          <p className="text-bad">{t('malformed', { list: malformed.slice(0, 5).join(' ') })}</p>
        ) : null}
      </div>
      <p className="text-xs leading-5 text-quiet">{t('variablesText')}</p>
      <ul className="flex flex-wrap gap-1.5" aria-label={t('variables')}>
        {offered.map((name) => (
          <li key={name}>
            <button
              type="button"
              className={cx(
                'min-h-10 cursor-pointer rounded-full border px-3 text-xs',
                variables.includes(name) ? 'border-accent bg-accent-soft text-accent' : 'border-edge text-quiet',
              )}
              aria-label={t('insert', { name })}
              onClick={() => insert(name)}
            >
              <bdi dir="ltr">{`{{${name}}}`}</bdi>
              {variables.includes(name) ? <bdi> · {sampleOf(name)}</bdi> : null}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Header({ media, change }: { media: MediaView | null; change: (media: MediaView | null) => void }) {
  const t = useTranslations('templates');
  return (
    <div className="grid gap-2">
      <p className="text-sm font-medium">{t('header')}</p>
      <MediaField
        media={media}
        change={change}
        words={{ add: t('addFile'), remove: t('removeFile'), nameless: t('file') }}
        faultOf={(error) => faultIn(t, error)}
      />
    </div>
  );
}

function Delete({ template: { id, name } }: { template: TemplateView }) {
  const t = useTranslations('templates');
  const router = useRouter();
  const remove = useDeleteTemplate();
  return (
    <span className="ms-auto">
      <EndButton
        label={t('delete')}
        cancel={t('cancel')}
        title={t('confirmDelete.title', { name })}
        text={t('confirmDelete.text')}
        work={remove}
        fault={remove.error ? faultIn(t, remove.error) : undefined}
        run={() => remove.mutateAsync(id).then(() => router.replace('/templates'))}
      />
    </span>
  );
}
