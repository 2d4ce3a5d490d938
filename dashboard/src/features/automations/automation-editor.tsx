'use client';
import type { AutomationView } from '@wasel/backend/contract';
import { EVENT_FIELDS, isToldByWasel } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { PhonePreview } from '@/features/templates/phone-preview';
import { templateQuery } from '@/features/templates/templates.api';
import { useTemplateWords } from '@/features/templates/use-template-words';
import { Unsaved } from '@/features/templates/unsaved';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Card } from '@/ui/states';
import { choicesQuery, useCreateAutomation, useDeleteAutomation, useUpdateAutomation } from './automations.api';
import { Conditions } from './conditions';
import { type Draft, draftOf, wantedOf } from './draft';
import { EventFields } from './event-fields';
import { VariableFields } from './variable-fields';

/** Event, conditions, delay, template, number: from above to below as it happens. */
export function AutomationEditor({ automation }: { automation: AutomationView | null }) {
  const t = useTranslations('automations');
  const router = useRouter();
  const [saved, setSaved] = useState(() => draftOf(automation));
  const [draft, setDraft] = useState(saved);
  const [create, update] = [useCreateAutomation(), useUpdateAutomation()];
  const { data: template } = useQuery({ ...templateQuery(draft.template), enabled: draft.template !== '' });
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const fields = EVENT_FIELDS[draft.event] ?? [];
  const fault = create.error ?? update.error;

  function save(): void {
    const wanted = wantedOf(draft, template?.variables ?? []);
    if (automation) update.mutate({ ...wanted, id: automation.id }, { onSuccess: () => setSaved(draft) });
    else
      create.mutate(wanted, {
        onSuccess: ({ id }) => {
          setSaved(draft);
          router.replace(`/automations/${id}`);
        },
      });
  }

  return (
    <form
      className="grid grid-cols-1 gap-4"
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
      </Card>
      <Step title={t('steps.when')}>
        <EventFields draft={draft} set={set} />
      </Step>
      <Step title={t('steps.if')}>
        <Conditions draft={draft} set={set} fields={fields} />
      </Step>
      <Step title={t('steps.then')}>
        <Told draft={draft} set={set} />
        {template ? <VariableFields template={template} draft={draft} set={set} fields={fields} /> : null}
        {template ? <Preview draft={draft} template={template} /> : null}
      </Step>
      {fault ? <FormFault>{faultIn(t, fault)}</FormFault> : null}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={create.isPending || update.isPending} disabled={!dirty}>
          {t('save')}
        </Button>
        <p role="status" className="text-sm text-quiet">
          {update.isSuccess && !dirty ? t('saved') : ''}
        </p>
        {automation ? <Delete automation={automation} /> : null}
      </div>
      <Unsaved dirty={dirty} />
    </form>
  );
}

const Step = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Card className="grid grid-cols-1 gap-4">
    <h2 className="text-base font-semibold">{title}</h2>
    {children}
  </Card>
);

/** The template, the channel and the number. */
function Told({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const t = useTranslations('automations');
  const { data: templates } = useQuery(choicesQuery());
  const { data: chosen } = useQuery({ ...templateQuery(draft.template), enabled: draft.template !== '' });
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const { languageOf } = useTemplateWords();
  const items = templates?.items ?? [];
  const offered = chosen && !items.some(({ id }) => id === chosen.id) ? [chosen, ...items] : items;
  return (
    <>
      <SelectField
        label={t('template')}
        required
        options={[
          ['', t('choose')],
          ...offered.map(({ id, name, language }) => [id, `${name} (${languageOf(language)})`] as const),
        ]}
        value={draft.template}
        onChange={(event) => set({ template: event.target.value })}
      />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <SelectField
          label={t('channel')}
          options={[
            ['whatsapp', t('channels.whatsapp')],
            ...(isToldByWasel(draft.event) ? [] : [['email', t('channels.email')] as const]),
          ]}
          value={draft.channel}
          onChange={(event) => set({ channel: event.target.value })}
        />
        {draft.channel === 'email' ? (
          <Field
            label={t('subject')}
            dir="auto"
            required
            maxLength={200}
            value={draft.subject}
            onChange={(event) => set({ subject: event.target.value })}
          />
        ) : (
          <SelectField
            label={t('number')}
            hint={draft.event === 'message_received' ? t('numberHint') : ''}
            options={[
              ['', draft.event === 'message_received' ? t('anyNumber') : t('defaultNumber')],
              ...sessions.map(({ id, name }) => [id, name] as const),
            ]}
            value={draft.session}
            onChange={(event) => set({ session: event.target.value })}
          />
        )}
      </div>
    </>
  );
}

function Preview({
  draft,
  template,
}: {
  draft: Draft;
  template: React.ComponentProps<typeof VariableFields>['template'];
}) {
  const { sampleOf } = useTemplateWords();
  const values = Object.fromEntries(
    template.variables.map((name) => {
      const source = draft.variables[name];
      return [name, source?.kind === 'text' && source.value !== '' ? source.value : sampleOf(source?.value || name)];
    }),
  );
  return (
    <PhonePreview
      body={template.body}
      language={template.language}
      values={values}
      media={template.header?.media ?? null}
    />
  );
}

function Delete({ automation: { id, name } }: { automation: AutomationView }) {
  const t = useTranslations('automations');
  const router = useRouter();
  const remove = useDeleteAutomation();
  return (
    <span className="ms-auto">
      <EndButton
        label={t('delete')}
        cancel={t('cancel')}
        title={t('confirmDelete.title', { name })}
        text={t('confirmDelete.text')}
        work={remove}
        fault={remove.error ? faultIn(t, remove.error) : undefined}
        run={() => remove.mutateAsync(id).then(() => router.replace('/automations'))}
      />
    </span>
  );
}
