'use client';
import type { GroupView, ParticipantsTagged } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { tagsQuery } from '@/features/contacts/contacts.api';
import { faultIn } from '@/lib/api';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, FormFault } from '@/ui/field';
import { Link } from '@/ui/link';
import { EVERYBODY, peopleQuery, useTagPeople } from './groups.api';

const TAG_MAX = 50;
type Who = 'everybody' | 'admins' | 'selected';

/** How many each choice is about; our own numbers are nobody's contacts. */
function useCounts(group: GroupView, selected: ReadonlySet<string>): Readonly<Record<Who, number>> {
  const people = useInfiniteQuery(peopleQuery(group.jid, EVERYBODY)).data?.pages.flatMap(({ items }) => items) ?? [];
  const others = people.filter(({ session_id: ours }) => ours === null);
  const ours = new Set<string>(people.filter(({ session_id: own }) => own !== null).map(({ id }) => id));
  return {
    everybody: group.size - ours.size,
    admins: others.filter(({ role }) => role !== 'member').length, // they are on the first page
    selected: [...selected].filter((id) => !ours.has(id)).length,
  };
}

/** People of a group become contacts with a tag. */
export default function TagDialog({
  group,
  selected,
  leave,
}: {
  group: GroupView;
  /** The ids of those who are chosen. */
  selected: ReadonlySet<string>;
  leave: () => void;
}) {
  const t = useTranslations('groups.tagging');
  const g = useTranslations('groups');
  const id = useId();
  const counts = useCounts(group, selected);
  const choices: readonly Who[] = selected.size > 0 ? ['selected', 'everybody', 'admins'] : ['everybody', 'admins'];
  const [who, setWho] = useState<Who>(choices[0] ?? 'everybody');
  const { data: tags = [] } = useQuery(tagsQuery());
  const work = useTagPeople(group.jid);
  return (
    <Dialog title={t('title')} close={t('close')} open onOpenChange={leave}>
      {work.data ? (
        <Done result={work.data} leave={leave} />
      ) : (
        <form
          className="grid grid-cols-1 gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            const tag = textOf(new FormData(event.currentTarget), 'tag').trim();
            work.mutate({
              tag,
              ...(who === 'selected' ? { participants: [...selected] as never } : {}),
              ...(who === 'admins' ? { admins: true } : {}),
            });
          }}
        >
          <Choices choices={choices} counts={counts} who={who} choose={setWho} />
          <Field
            label={t('tag')}
            name="tag"
            list={`${id}-tags`}
            dir="auto"
            maxLength={TAG_MAX}
            hint={t('hint')}
            autoComplete="off"
            required
          />
          <datalist id={`${id}-tags`}>
            {tags.map(({ id: tag, name }) => (
              <option key={tag} value={name}>
                {name}
              </option>
            ))}
          </datalist>
          <p className="text-sm leading-6 text-quiet">{t('text')}</p>
          {work.error ? <FormFault>{faultIn(g, work.error)}</FormFault> : null}
          <Button type="submit" busy={work.isPending} disabled={counts[who] === 0}>
            {t('submit', { count: counts[who] })}
          </Button>
        </form>
      )}
    </Dialog>
  );
}

function Choices({
  choices,
  counts,
  who,
  choose,
}: {
  choices: readonly Who[];
  counts: Readonly<Record<Who, number>>;
  who: Who;
  choose: (who: Who) => void;
}) {
  const t = useTranslations('groups.tagging');
  const format = useFormatter();
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1.5 text-sm font-medium">{t('who')}</legend>
      {choices.map((one) => (
        <label
          key={one}
          className="relative flex min-h-11 items-center gap-3 rounded-lg border border-line px-3 text-sm hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name="who"
            className="peer absolute inset-0 cursor-pointer appearance-none rounded-lg"
            checked={who === one}
            onChange={() => choose(one)}
          />
          <span
            aria-hidden
            className="pointer-events-none grid size-5 shrink-0 place-items-center rounded-full border border-edge bg-surface peer-checked:border-[6px] peer-checked:border-accent"
          />
          <span className="pointer-events-none grow">{t(`choices.${one}`)}</span>
          <span className="pointer-events-none text-quiet tabular-nums">{format.number(counts[one])}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Runs in its own direction, whatever stands beside it. */
const Name = (text: React.ReactNode) => <bdi>{text}</bdi>;

/** What it came to. */
function Done({ result: { tag, people, created, tagged }, leave }: { result: ParticipantsTagged; leave: () => void }) {
  const t = useTranslations('groups.tagging');
  return (
    <div role="status" className="grid grid-cols-1 justify-items-start gap-4">
      <p className="flex items-start gap-2.5 font-medium">
        <CircleCheck className="mt-0.5 size-5 shrink-0 text-good" aria-hidden />
        <span>{t.rich('done.title', { count: people, tag: tag.name, name: Name })}</span>
      </p>
      <ul className="grid gap-1 text-sm leading-6 text-quiet">
        <li>{t('done.created', { count: created })}</li>
        <li>{t('done.known', { count: people - created })}</li>
        {people > tagged ? <li>{t('done.had', { count: people - tagged })}</li> : null}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button onClick={leave}>{t('close')}</Button>
        <Link href="/contacts" className={buttonClass('plain')}>
          {t('done.contacts')}
        </Link>
      </div>
    </div>
  );
}
