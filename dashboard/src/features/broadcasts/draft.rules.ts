import type { MediaView } from '@wasel/backend/contract';
import { parseSpintax } from '@wasel/backend/contract/words';
import { waysToSend } from '../inbox/message.rules';
import type { Said } from './broadcasts.api';

/** A file of people, and what its columns mean. */
export type DraftFile = Readonly<{
  id: string;
  name: string;
  rows: number;
  columns: readonly string[];
  /** The cells of its first row. */
  first: readonly string[];
  phone: number;
  country: string;
}>;

/** What somebody has chosen and written of a broadcast that is not launched yet. */
export type Draft = Readonly<{
  everybody: boolean;
  groups: readonly Readonly<{ jid: string; subject: string }>[];
  admins: boolean;
  /** The groups themselves are meant, and not their people. */
  into: boolean;
  contacts: '' | 'only' | 'not';
  tags: readonly string[];
  lists: readonly string[];
  people: readonly Readonly<{ id: string; name: string }>[];
  /** As they were pasted. */
  numbers: string;
  file: DraftFile | null;
  /** The numbers that send; nobody chose: the default one. */
  sessions: readonly string[];
  kind: 'text' | 'file' | 'template';
  /** Of a text, or under a file. */
  text: string;
  media: MediaView | null;
  template: Readonly<{ id: string; variables: readonly string[] }> | null;
  /** Of variables that somebody has no value for. */
  variables: Readonly<Record<string, string>>;
  name: string;
  /** When it is to leave, as a field of type `datetime-local` has it; empty: at once. */
  at: string;
  /** When what has not left is given up, as `at`; empty: never. */
  until: string;
  /** Of its launch, until that is known to have been refused or something of it changes: one launch, however often it is tried. */
  key: string | null;
}>;

export const EMPTY: Draft = {
  everybody: false,
  groups: [],
  admins: false,
  into: false,
  contacts: '',
  tags: [],
  lists: [],
  people: [],
  numbers: '',
  file: null,
  sessions: [],
  kind: 'text',
  text: '',
  media: null,
  template: null,
  variables: {},
  name: '',
  at: '',
  until: '',
  key: null,
};

/** What is kept of one; nothing, or what another version kept, is an empty one. */
export function draftIn(kept: string): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(kept) as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

const DIGITS_MIN = 7;
const DIGITS_MAX = 15;

/** Numbers as they are pasted, one in a line or with commas between; and what cannot be one. */
export function numbersIn(pasted: string): { good: string[]; bad: string[] } {
  const good: string[] = [];
  const bad: string[] = [];
  for (const piece of pasted.split(/[\n,;]+/)) {
    const one = piece.trim();
    if (one === '') continue;
    const digits = one.replaceAll(/\D/g, '').length;
    const isOne = /^\+?[\d\s().\u2010-\u2015-]+$/.test(one) && digits >= DIGITS_MIN && digits <= DIGITS_MAX;
    (isOne ? good : bad).push(isOne ? one.replaceAll(/[\u2010-\u2015]/g, '-') : one);
  }
  return { good, bad };
}

/** Columns that a text can name, by the variable that stands for each: a name that has no Latin letters is its place. */
export function columnsOf({ columns, phone }: Pick<DraftFile, 'columns' | 'phone'>) {
  const taken = new Set<string>();
  return columns.flatMap((label, column) => {
    if (column === phone) return [];
    const plain = label
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 50);
    const name = plain === '' || taken.has(plain) ? `column_${column + 1}` : plain;
    taken.add(name);
    return [{ name, column, label }];
  });
}

const some = <T>(items: readonly T[]): T[] | undefined => (items.length > 0 ? [...items] : undefined);

/** Who is meant; null while that is nobody. */
export function audienceOf(draft: Draft): Said['audience'] | null {
  const { everybody, groups, admins, into, contacts, tags, lists, people, numbers, file } = draft;
  const jids = some(groups.map(({ jid }) => jid));
  const audience = {
    everybody: everybody || undefined,
    groups: jids && !into ? { jids, admins_only: admins || undefined, contacts: contacts || undefined } : undefined,
    into_groups: into ? jids : undefined,
    tag_ids: some(tags),
    list_ids: some(lists),
    contact_ids: some(people.map(({ id }) => id)),
    phone_numbers: some(numbersIn(numbers).good),
    import: file
      ? {
          import_id: file.id,
          phone_column: file.phone,
          country: file.country || undefined,
          variables: Object.fromEntries(columnsOf(file).map(({ name, column }) => [name, column])),
        }
      : undefined,
  };
  return Object.values(audience).some((source) => source !== undefined) ? audience : null;
}

const FILES = ['image', 'video', 'gif', 'document'] as const;

/** What everybody gets; null while that is nothing. */
export function contentOf({ kind, text, media, template }: Draft): Said['content'] | null {
  if (kind === 'template') return template && { type: 'template', template_id: template.id };
  if (kind === 'text') return text.trim() === '' ? null : { type: 'text', text };
  if (!media) return null;
  const [as] = waysToSend(media.mime_type);
  const type = FILES.find((one) => one === as) ?? 'document';
  return { type, media_id: media.id, ...(text.trim() === '' ? {} : { caption: text }) };
}

/** What the content asks for of each person. */
export const variablesIn = ({ kind, text, template }: Draft): readonly string[] =>
  kind === 'template' ? (template?.variables ?? []) : parseSpintax(text).variables;

/** Whether it would be given up before it is to leave. Such times are as long as each other, and sort as they come. */
export const endsTooEarly = ({ at, until }: Draft): boolean => at !== '' && until !== '' && until <= at;

/** What the API is asked; null while something is missing. */
export function saidOf(draft: Draft): Said | null {
  const [audience, content] = [audienceOf(draft), contentOf(draft)];
  if (!audience || !content) return null;
  const common = variablesIn(draft).flatMap((name) => {
    const value = draft.variables[name] ?? '';
    return value.trim() === '' ? [] : [[name, value] as const];
  });
  return {
    audience,
    content,
    ...(common.length > 0 ? { variables: Object.fromEntries(common) } : {}),
    ...(draft.sessions.length > 0 ? { session_ids: [...draft.sessions] } : {}),
    ...(draft.at === '' ? {} : { scheduled_at: new Date(draft.at).toISOString() }),
    ...(draft.until === '' || endsTooEarly(draft) ? {} : { expires_at: new Date(draft.until).toISOString() }),
  };
}
