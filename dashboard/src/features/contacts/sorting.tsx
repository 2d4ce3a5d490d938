'use client';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { Field, FormFault } from '@/ui/field';
import { SkeletonRows } from '@/ui/states';
import {
  listsQuery,
  tagsQuery,
  useCreateList,
  useDeleteList,
  useDeleteTag,
  useRenameList,
  useRenameTag,
} from './contacts.api';

type Item = { id: string; name: string; contact_count: number };
type Kind = 'tags' | 'lists';

/** All tags and lists, to be renamed and deleted; lists are made here, tags where a contact gets one. */
export default function Sorting({ writes }: { writes: boolean }) {
  const t = useTranslations('contacts');
  const tags = useQuery(tagsQuery());
  const lists = useQuery(listsQuery());
  return (
    <div className="grid grid-cols-1 gap-6">
      <Group kind="lists" items={lists.data} writes={writes} />
      {writes ? <NewList /> : null}
      <Group kind="tags" items={tags.data} writes={writes} />
      {tags.isError || lists.isError ? <FormFault>{t('failed')}</FormFault> : null}
    </div>
  );
}

function Group({ kind, items, writes }: { kind: Kind; items: readonly Item[] | undefined; writes: boolean }) {
  const t = useTranslations('contacts');
  return (
    <section className="grid grid-cols-1 gap-2" aria-labelledby={`sorting-${kind}`}>
      <h3 id={`sorting-${kind}`} className="font-medium">
        {t(`sorting.${kind}`)}
      </h3>
      {items ? null : <SkeletonRows rows={1} />}
      {items?.length === 0 ? <p className="text-sm leading-6 text-quiet">{t(`sorting.no.${kind}`)}</p> : null}
      <ul className="grid grid-cols-1 gap-2">
        {items?.map((item) => (
          <li key={item.id}>
            {kind === 'tags' ? <TagRow {...{ item, writes }} /> : <ListRow {...{ item, writes }} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function TagRow({ item, writes }: { item: Item; writes: boolean }) {
  return <Row kind="tags" item={item} writes={writes} rename={useRenameTag(item.id)} end={useDeleteTag(item.id)} />;
}

function ListRow({ item, writes }: { item: Item; writes: boolean }) {
  return <Row kind="lists" item={item} writes={writes} rename={useRenameList(item.id)} end={useDeleteList(item.id)} />;
}

type RowProps = {
  kind: Kind;
  item: Item;
  writes: boolean;
  rename: ReturnType<typeof useRenameTag> | ReturnType<typeof useRenameList>;
  end: ReturnType<typeof useDeleteTag>;
};

function Row({ kind, item, writes, rename, end }: RowProps) {
  const t = useTranslations('contacts');
  const [editing, setEditing] = useState(false);
  const { name } = item;
  if (editing)
    return (
      <form
        className="grid grid-cols-1 gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate(textOf(new FormData(event.currentTarget), 'name'), { onSuccess: () => setEditing(false) });
        }}
      >
        <Field label={t('newName', { name })} name="name" dir="auto" defaultValue={name} maxLength={50} required />
        {rename.error ? <FormFault>{faultIn(t, rename.error)}</FormFault> : null}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" busy={rename.isPending}>
            {t('save')}
          </Button>
          <Button look="plain" onClick={() => setEditing(false)}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    );
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <span className="min-w-0 wrap-anywhere">
        <bdi>{name}</bdi> <span className="text-sm text-quiet">{t('count', { count: item.contact_count })}</span>
      </span>
      {writes ? (
        <span className="flex flex-wrap gap-2">
          <Button look="plain" aria-label={t('renameOf', { name })} onClick={() => setEditing(true)}>
            {t('rename')}
          </Button>
          <EndButton
            label={t('delete')}
            name={t('deleteOf', { name })}
            cancel={t('cancel')}
            title={t('deleteTitle', { name })}
            text={t(`sorting.deleteText.${kind}`)}
            work={end}
            fault={end.error ? faultIn(t, end.error) : undefined}
            run={() => end.mutateAsync(undefined)}
          />
        </span>
      ) : null}
    </div>
  );
}

function NewList() {
  const t = useTranslations('contacts');
  const create = useCreateList();
  return (
    <form
      className="grid grid-cols-1 gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        create.mutate(textOf(new FormData(form), 'list'), { onSuccess: () => form.reset() });
      }}
    >
      <Field label={t('sorting.newList')} name="list" dir="auto" maxLength={80} required />
      {create.error ? <FormFault>{faultIn(t, create.error)}</FormFault> : null}
      <Button type="submit" look="plain" busy={create.isPending}>
        <Plus className="size-4" aria-hidden /> {t('sorting.createList')}
      </Button>
    </form>
  );
}
