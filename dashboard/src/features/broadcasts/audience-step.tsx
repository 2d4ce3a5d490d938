'use client';
import { useQuery } from '@tanstack/react-query';
import { ContactRound, FileUp, Globe, ListChecks, type LucideIcon, Tag, UsersRound } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { listsQuery, tagsQuery } from '@/features/contacts/contacts.api';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { AreaField } from '@/ui/area-field';
import { CheckField } from '@/ui/check-field';
import { ColorDot, IconTile } from '@/ui/icon-tile';
import { Card } from '@/ui/states';
import { ContactPicker } from './contact-picker';
import { type Draft, numbersIn } from './draft.rules';
import { FilePicker } from './file-picker';
import { GroupPicker } from './group-picker';
import type { SetDraft } from './use-draft';

type Props = Readonly<{ draft: Draft; set: SetDraft }>;

/** Who is meant, and which numbers write to them. */
export function AudienceStep(props: Props) {
  const t = useTranslations('broadcasts.audience');
  const { draft, set } = props;
  const people = draft.people.length + numbersIn(draft.numbers).good.length;
  return (
    <>
      <div className="grid grid-cols-1 gap-3">
        <Source icon={UsersRound} name="groups" count={draft.groups.length} open>
          <GroupPicker {...props} />
        </Source>
        <Source icon={Tag} name="tags" count={draft.tags.length}>
          <Sorts kind="tags" {...props} />
        </Source>
        <Source icon={ListChecks} name="lists" count={draft.lists.length}>
          <Sorts kind="lists" {...props} />
        </Source>
        <Source icon={ContactRound} name="people" count={people}>
          <ContactPicker {...props} />
          <Numbers {...props} />
        </Source>
        <Source icon={FileUp} name="file" count={draft.file?.rows ?? 0}>
          <FilePicker {...props} />
        </Source>
        <Source icon={Globe} name="everybody" count={draft.everybody ? 1 : 0} plain>
          <CheckField
            label={t('everybody.choose')}
            checked={draft.everybody}
            onChange={(event) => set({ everybody: event.target.checked })}
          />
        </Source>
      </div>
      <Senders {...props} />
    </>
  );
}

/** One way to say who is meant; open when something of it is chosen. */
function Source({
  icon,
  name,
  count,
  open = false,
  plain = false,
  children,
}: {
  icon: LucideIcon;
  name: string;
  count: number;
  open?: boolean;
  /** It is chosen or not: there is nothing to count. */
  plain?: boolean;
  children: React.ReactNode;
}) {
  const t = useTranslations('broadcasts.audience');
  const format = useFormatter();
  const [begun] = useState(open || count > 0);
  return (
    <details open={begun} className="card group p-0 sm:p-0">
      <summary className="flex min-h-16 cursor-pointer list-none items-center gap-3 rounded-card px-4 py-3 hover:bg-raised [&::-webkit-details-marker]:hidden">
        <IconTile icon={icon} />
        <span className="grid min-w-0 grow">
          <span className="font-medium">{t(`${name}.title`)}</span>
          <span className="text-sm text-quiet">{t(`${name}.text`)}</span>
        </span>
        {count > 0 ? (
          <span className="rounded-full bg-accent px-2.5 text-xs leading-6 font-medium text-accent-ink tabular-nums">
            {plain ? t('chosen') : format.number(count)}
          </span>
        ) : null}
      </summary>
      <div className="grid grid-cols-1 gap-4 border-t border-line p-4">{children}</div>
    </details>
  );
}

function Sorts({ kind, draft, set }: Props & { kind: 'tags' | 'lists' }) {
  const t = useTranslations('broadcasts.audience');
  const contacts = useTranslations('contacts');
  const { data: tags } = useQuery({ ...tagsQuery(), enabled: kind === 'tags' });
  const { data: lists } = useQuery({ ...listsQuery(), enabled: kind === 'lists' });
  const items = kind === 'tags' ? tags : lists;
  if (items?.length === 0) return <p className="text-sm leading-6 text-quiet">{t(`${kind}.none`)}</p>;
  return (
    <ul className="grid max-h-72 grid-cols-1 gap-x-4 overflow-y-auto sm:grid-cols-2">
      {items?.map(({ id, name, contact_count: count }) => (
        <li key={id}>
          <CheckField
            label={
              <>
                <bdi>{name}</bdi> <span className="text-quiet">· {contacts('count', { count })}</span>
              </>
            }
            checked={draft[kind].includes(id)}
            onChange={({ target }) =>
              set((now) => ({
                [kind]: target.checked ? [...now[kind], id] : now[kind].filter((one) => one !== id),
              }))
            }
          />
        </li>
      ))}
    </ul>
  );
}

function Numbers({ draft, set }: Props) {
  const t = useTranslations('broadcasts.audience.numbers');
  const { good, bad } = numbersIn(draft.numbers);
  return (
    <div className="grid gap-1.5">
      <AreaField
        label={t('label')}
        hint={t('hint')}
        dir="ltr"
        rows={4}
        value={draft.numbers}
        onChange={(event) => set({ numbers: event.target.value })}
      />
      <p role="status" className="text-sm">
        {good.length > 0 ? t('good', { count: good.length }) : ''}
      </p>
      {bad.length > 0 ? (
        <p className="text-sm wrap-anywhere text-bad">{t('bad', { list: bad.slice(0, 5).join(', ') })}</p>
      ) : null}
    </div>
  );
}

function Senders({ draft, set }: Props) {
  const t = useTranslations('broadcasts.audience.senders');
  const { data: sessions } = useQuery(sessionsQuery());
  const linked = sessions?.filter(({ phone_number: phone }) => phone !== null) ?? [];
  const usual = linked.find((one) => one.is_default) ?? linked[0];
  const chosen = draft.sessions.length > 0 ? draft.sessions : usual ? [usual.id] : [];
  const toggle = (id: string, on: boolean): void => {
    const next = on ? [...chosen, id] : chosen.filter((one) => one !== id);
    if (next.length > 0) set({ sessions: next });
  };
  return (
    <Card className="grid grid-cols-1 gap-2">
      <h2 className="font-semibold">{t('title')}</h2>
      <p className="text-sm leading-6 text-quiet">
        {sessions && linked.length === 0 ? t('none') : t(linked.length > 1 ? 'text' : 'one')}
      </p>
      <ul className="grid grid-cols-1 gap-x-4 sm:grid-cols-2">
        {linked.map(({ id, name, color, phone_number: phone }) => (
          <li key={id}>
            <CheckField
              label={
                <span className="flex flex-wrap items-center gap-x-2">
                  <ColorDot color={color} /> <bdi>{name}</bdi>
                  <bdi dir="ltr" className="text-quiet">
                    {phone}
                  </bdi>
                </span>
              }
              checked={chosen.includes(id)}
              disabled={chosen.length === 1 && chosen.includes(id)}
              onChange={(event) => toggle(id, event.target.checked)}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}
