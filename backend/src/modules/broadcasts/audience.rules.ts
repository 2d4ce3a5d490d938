import { refusalTo, type Standing } from '../groups/group-standing.ts';
import type { RecipientExclusion } from './broadcasts.dto.ts';

/** Somebody as a source names him: a contact, a participant of a group, or a number. */
export type Named = Readonly<{
  /** Contacts that his addresses belong to, as they are shown; of who is no contact none. */
  roots: readonly string[];
  phone: string | null;
  /** Privacy address. */
  lid: string | null;
  /** WhatsApp said lately that nobody has his number. */
  is_gone: boolean;
  /** The subject of the group that he is in. */
  group: string | null;
  /** He was in that group, and is not any more. */
  is_left: boolean;
  /** The place of a number among those that were given, the first being 1. */
  n: number | null;
}>;

/** A contact that is shown as `root`; each has an address of its own. */
export type KnownContact = Readonly<{
  root: string;
  id: string;
  phone: string | null;
  /** The number as WhatsApp has it, where it was asked. */
  canonical: string | null;
  lid: string | null;
  name: string | null;
  push_name: string | null;
  is_opted_out: boolean;
  is_gone: boolean;
}>;

/** The number that spoke with a contact last. */
export type Chat = Readonly<{ root: string; session: string; is_new: boolean }>;

export type Address = Readonly<{ phone: string | null; lid: string | null }>;

/** Somebody whom a broadcast means, once, however often he was named. */
export type Recipient = Readonly<{
  /** As he is shown, and the contact with the address that is written to; null: he is no contact yet. */
  contact: Readonly<{ home: string; root: string }> | null;
  /** The id of the group that is written into; null: it is a person. */
  into: string | null;
  phone: string | null;
  lid: string | null;
  name: string | null;
  group: string | null;
  /** The places of his numbers among those that were given. */
  given: readonly number[];
  exclusion: RecipientExclusion | null;
  detail: string | null;
  chat: Chat | null;
}>;

export type Audience = Readonly<{ recipients: readonly Recipient[]; duplicates: number }>;

type Gathered = Readonly<{
  named: readonly Named[];
  known: readonly KnownContact[];
  chats: readonly Chat[];
  /** Numbers of the organization itself. */
  own: readonly Address[];
}>;

/** A group as one of the numbers that share the broadcast is in it. */
export type GroupNamed = Standing & Readonly<{ session: string }>;

/** Groups that are written into: each by the first of the numbers that may. @param named each group once for each number, in their order */
export function groupsIn(named: readonly GroupNamed[]): Recipient[] {
  return [...groupedBy(named, ({ id }) => id)].flatMap(([id, ways]): Recipient[] => {
    const [first] = ways;
    if (!first) return [];
    const refusals = ways.map((one) => refusalTo('write', one));
    const session = ways[refusals.indexOf(null)]?.session;
    const nobody = { contact: null, phone: null, lid: null, given: [] };
    const group = { ...nobody, into: id, name: first.subject, group: first.subject };
    if (session !== undefined)
      return [{ ...group, exclusion: null, detail: null, chat: { root: id, session, is_new: false } }];
    const why = refusals.find((one) => one !== 'not_in_group') ?? 'not_in_group';
    return [{ ...group, exclusion: 'group_not_writable', detail: why, chat: null }];
  });
}

/** Things that turn out to be one, by name. */
class Unions {
  private readonly parents = new Map<string, string>();

  find(name: string): string {
    let root = name;
    for (let up = this.parents.get(root); up !== undefined; up = this.parents.get(root)) root = up;
    for (let at = name; at !== root;) {
      const up = this.parents.get(at) ?? root;
      this.parents.set(at, root);
      at = up;
    }
    return root;
  }

  unite([first, ...others]: readonly string[]): void {
    if (first === undefined) return;
    for (const other of others) {
      const [a, b] = [this.find(first), this.find(other)];
      if (a !== b) this.parents.set(b, a);
    }
  }
}

const addressesOf = ({ phone, lid }: Address): string[] => [
  ...(phone === null ? [] : [`phone ${phone}`]),
  ...(lid === null ? [] : [`lid ${lid}`]),
];
const namesOf = (one: Named): string[] => [...one.roots.map((root) => `contact ${root}`), ...addressesOf(one)];

/**
 * Who is meant, in the order in which they were first named. Two are one when WhatsApp or a person here said so: a contact and
 * what is merged into it, a number and its privacy address as any group tells them.
 */
export function audienceOf({ named, known, chats, own }: Gathered): Audience {
  const unions = new Unions();
  for (const one of known)
    unions.unite([`contact ${one.root}`, ...addressesOf(one), ...addressesOf({ phone: one.canonical, lid: null })]);
  for (const one of named) unions.unite(namesOf(one));
  const people = new Map<string, Named[]>();
  for (const one of named) {
    const key = unions.find(namesOf(one)[0] ?? '');
    const before = people.get(key);
    if (before) before.push(one);
    else people.set(key, [one]);
  }
  const ours = new Set(own.flatMap(addressesOf).map((address) => unions.find(address)));
  const contactsOf = groupedBy(known, ({ root }) => unions.find(`contact ${root}`));
  const chatOf = groupedBy(chats, ({ root }) => unions.find(`contact ${root}`));
  const recipients = [...people].map(([key, ways]) =>
    recipientOf({
      ways,
      contacts: contactsOf.get(key) ?? [],
      chat: chatOf.get(key)?.[0] ?? null,
      isOurs: ours.has(key),
    }),
  );
  return { recipients, duplicates: named.length - recipients.length };
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

type Person = Readonly<{
  ways: readonly Named[];
  contacts: readonly KnownContact[];
  chat: Chat | null;
  isOurs: boolean;
}>;

function recipientOf(person: Person): Recipient {
  const { ways, contacts, chat } = person;
  const root = rootOf(person);
  const members = contacts.filter((one) => one.root === root);
  const shown = members.find(({ id }) => id === root);
  const home = shown?.phone ? shown : (members.find(({ phone }) => phone !== null) ?? shown ?? members[0]);
  // Of who was named by both, both: else his two addresses would make two contacts.
  const whole = ways.find(({ phone, lid }) => phone !== null && lid !== null) ?? ways[0];
  return {
    into: null,
    contact: root !== undefined && home ? { home: home.id, root } : null,
    phone: home?.phone ?? whole?.phone ?? firstOf(ways, ({ phone }) => phone),
    lid: home?.lid ?? whole?.lid ?? firstOf(ways, ({ lid }) => lid),
    name: shown ? (shown.name ?? shown.push_name) : null,
    group: firstOf(ways, ({ group, is_left: left }) => (left ? null : group)),
    given: ways.flatMap(({ n }) => n ?? []),
    exclusion: exclusionOf(person),
    detail: null,
    chat,
  };
}

/** The contact that he is: where the last word was said, else one with a number. */
function rootOf({ contacts, chat }: Person): string | undefined {
  if (chat) return chat.root;
  return (contacts.find(({ phone }) => phone !== null) ?? contacts[0])?.root;
}

const firstOf = <T>(ways: readonly Named[], of: (one: Named) => T | null): T | null =>
  ways.map(of).find((value) => value !== null) ?? null;

/** The first reason that holds. Who is in a group, or has a privacy address, is on WhatsApp, whatever was said of a number. */
function exclusionOf({ ways, contacts, isOurs }: Person): RecipientExclusion | null {
  if (isOurs) return 'own_number';
  if (ways.every(({ is_left: left }) => left)) return 'left_group';
  if (contacts.some(({ is_opted_out: out }) => out)) return 'opted_out';
  const addressed = [...ways, ...contacts].filter(({ phone, lid }) => phone !== null || lid !== null);
  const hasNoOther = addressed.every(({ lid, is_gone: gone }) => lid === null && gone);
  return addressed.length > 0 && hasNoOther ? 'not_on_whatsapp' : null;
}
