'use client';
import type { ContactDetail } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { CheckField } from '@/ui/check-field';
import { Field, FormFault } from '@/ui/field';
import { listsQuery, useChangeList, useSetTags, useUpdateContact } from './contacts.api';

/** Name, tags and lists. */
export default function EditContact({ contact, done }: { contact: ContactDetail; done: () => void }) {
  const t = useTranslations('contacts');
  const { data: lists = [] } = useQuery(listsQuery());
  const update = useUpdateContact(contact.id);
  const tags = useSetTags(contact.id);
  const change = useChangeList();
  const before = new Set<string>(contact.lists.map(({ id }) => id));
  const fault = update.error ?? tags.error ?? change.error;

  async function submit(form: FormData): Promise<void> {
    const name = textOf(form, 'name').trim();
    if (name !== (contact.name ?? '')) await update.mutateAsync({ name: name === '' ? null : name });
    const words = textOf(form, 'tags').split(/[,،]/u);
    await tags.mutateAsync(words.map((word) => word.trim()).filter((word) => word !== ''));
    const chosen = new Set(form.getAll('lists'));
    for (const { id } of lists) {
      if (chosen.has(id) === before.has(id)) continue;
      await change.mutateAsync({ list: id, [chosen.has(id) ? 'add' : 'remove']: [contact.id] });
    }
    done();
  }

  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit(new FormData(event.currentTarget)).catch(() => undefined); // said below
      }}
    >
      <Field label={t('name')} name="name" dir="auto" defaultValue={contact.name ?? ''} maxLength={100} />
      <Field
        label={t('sorting.tags')}
        name="tags"
        dir="auto"
        hint={t('sorting.tagsHint')}
        defaultValue={contact.tags.map(({ name }) => name).join(', ')}
      />
      {lists.length > 0 ? (
        <fieldset className="min-w-0">
          <legend className="mb-1 text-sm font-medium">{t('sorting.lists')}</legend>
          <div className="-mx-2 grid">
            {lists.map(({ id, name }) => (
              <CheckField key={id} name="lists" value={id} label={name} defaultChecked={before.has(id)} />
            ))}
          </div>
        </fieldset>
      ) : null}
      {fault ? <FormFault>{faultIn(t, fault)}</FormFault> : null}
      <Button type="submit" busy={update.isPending || tags.isPending || change.isPending}>
        {t('save')}
      </Button>
    </form>
  );
}
