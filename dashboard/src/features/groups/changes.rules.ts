import type { GroupActionView, GroupPersonResult, GroupView } from '@wasel/backend/contract';
import { ADDITION_PER_STEP, ADDITION_STEP_SECONDS } from '@wasel/backend/contract/words';

export type GroupNumber = GroupView['numbers'][number];
/** What a number can do to a group, and why it may not. */
export type Verb = keyof GroupNumber['cannot'];
export type Refusal = NonNullable<GroupNumber['cannot'][Verb]>;
export type PersonResult = GroupPersonResult;
export type PersonStatus = PersonResult['status'];
/** Somebody as the API takes him. */
export type Person = { phone_number: string; lid: string | null } | { phone_number: null; lid: string };

/** Somebody as the API tells of him. */
export type Named = Readonly<{ phone_number: string | null; lid: string | null }>;

/** More people than these come in steps. */
export const AT_ONCE = 10;

const isAdmin = ({ role }: GroupNumber): boolean => role !== null && role !== 'member';

/** Those of our numbers that may do it, admins first. */
export const numbersThatMay = (group: Pick<GroupView, 'numbers'>, verb: Verb): readonly GroupNumber[] =>
  group.numbers
    .filter(({ role, cannot }) => role !== null && cannot[verb] === undefined)
    .toSorted((a, b) => Number(isAdmin(b)) - Number(isAdmin(a)));

/** Those that are in it, admins first. */
export const numbersIn = (group: Pick<GroupView, 'numbers'>): readonly GroupNumber[] =>
  group.numbers.filter(({ role }) => role !== null).toSorted((a, b) => Number(isAdmin(b)) - Number(isAdmin(a)));

/** What comes nearest to being allowed is said: a number that is in the group could become an admin. */
const NEAREST: readonly Refusal[] = ['group_is_community', 'group_admin_required', 'not_in_group'];

/** Why none of our numbers may; null: one may. */
export function refusalOf(group: Pick<GroupView, 'numbers'>, verb: Verb): Refusal | null {
  if (numbersThatMay(group, verb).length > 0) return null;
  const why = new Set(group.numbers.map(({ cannot }) => cannot[verb]));
  return NEAREST.find((one) => why.has(one)) ?? 'not_in_group';
}

/** Whom a result or a list is about, as far as he can be told from others. */
export const keyOf = ({ phone_number: phone, lid }: Named): string => phone ?? lid ?? '';

/** Somebody of a list, as he is named to the API; null: by nothing that it knows. */
export function personOf({ phone_number: phone, lid }: Named): Person | null {
  if (phone !== null) return { phone_number: phone, lid };
  return lid === null ? null : { phone_number: null, lid };
}

/** What stands between two numbers of a list that was written or pasted. */
const BETWEEN = /[\n,;\t]+/;

/** The numbers of such a list, each once, and what is none. @param read the number that somebody meant; null: none */
export function readNumbers(text: string, read: (written: string) => string | null) {
  const good = new Set<string>();
  const wrong: string[] = [];
  for (const written of text.split(BETWEEN).map((one) => one.trim())) {
    if (written === '') continue;
    const number = read(written);
    if (number === null) wrong.push(written);
    else good.add(number);
  }
  return { good: [...good], wrong };
}

/** How many steps so many people take, and how long that is. */
export function paceOf(people: number): Readonly<{ steps: number; minutes: number }> {
  const steps = Math.ceil(people / ADDITION_PER_STEP);
  return { steps, minutes: Math.ceil((Math.max(0, steps - 1) * ADDITION_STEP_SECONDS) / 60) };
}

/** In what order it is told what became of people: what was refused has to be read. */
const TOLD: readonly PersonStatus[] = [
  'failed',
  'group_full',
  'not_allowed',
  'not_on_whatsapp',
  'not_in_group',
  'not_waiting',
  'recently_left',
  'needs_invitation',
  'invited',
  'already',
  'done',
];

/** People by what became of them, what was refused first. */
export function outcomeOf(results: readonly PersonResult[]) {
  return TOLD.flatMap((status) => {
    const people = results.filter((one) => one.status === status);
    return people.length > 0 ? [{ status, people }] : [];
  });
}

/** What of it has come about, and what is only on its way. */
export const toneOf = (status: PersonStatus): 'good' | 'warn' | 'bad' =>
  status === 'done' || status === 'already' ? 'good' : status === 'invited' ? 'warn' : 'bad';

/** What came of it, once it has ended well. */
export const resultOf = (action: GroupActionView | undefined) =>
  action?.state === 'done' ? (action.result ?? {}) : undefined;
