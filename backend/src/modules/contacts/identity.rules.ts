import type { Peer } from '../sessions/session-traffic.ts';

/** Somebody as a message names him. */
export type Person = Peer & Readonly<{ pushName: string | null }>;

/** A contact that one of the addresses of the `n`th person belongs to; `root` is the one that is shown in its place. */
export type Known = Readonly<{
  n: number;
  id: string;
  phone_number: string | null;
  lid: string | null;
  push_name: string | null;
  root: string;
}>;

/** What a contact is told of itself. An address that it has already is never replaced. */
export type News = Readonly<{ id: string; phone: string | null; lid: string | null; pushName: string | null }>;

/** Two contacts that one message names as one person. */
export type Pair = Readonly<{ a: string; b: string }>;

export type Plan = Readonly<{
  /** The contact of each person, in order; undefined until it is made or known. */
  homes: readonly ({ home: string; root: string } | undefined)[];
  create: readonly Person[];
  learn: readonly News[];
  pairs: readonly Pair[];
}>;

/**
 * Who is meant, and what has to be written first. A contact has one number and one privacy address at most, each written
 * once, so the way from an address to its contact never changes; who has more of them is several contacts, merged. A person
 * who is named by both is the contact of his number.
 */
export function planOf(people: readonly Person[], found: readonly Known[]): Plan {
  const claimed = new Set<string>();
  const create: Person[] = [];
  const learn = new Map<string, News>();
  const pairs: Pair[] = [];
  const knownOf = byNumber(found);
  const homes = people.map((person, n) => {
    const known = knownOf.get(n) ?? [];
    const byPhone = person.phone === null ? undefined : known.find((one) => one.phone_number === person.phone);
    const byLid = person.lid === null ? undefined : known.find((one) => one.lid === person.lid);
    const missing = missingOf(person, byPhone, byLid);
    if (missing && !namesOf(missing.person).some((name) => claimed.has(name))) {
      for (const name of namesOf(missing.person)) claimed.add(name);
      if (missing.contact === undefined) create.push(missing.person);
      else if (!learn.has(missing.contact)) learn.set(missing.contact, { id: missing.contact, ...missing.person });
    }
    if (missing) return undefined;
    const home = byPhone ?? byLid;
    if (byPhone && byLid && byPhone.root !== byLid.root) pairs.push({ a: byPhone.id, b: byLid.id });
    return home && { home: home.id, root: home.root };
  });
  return { homes, create, learn: [...learn.values()], pairs };
}

function byNumber(found: readonly Known[]): Map<number, Known[]> {
  const knownOf = new Map<number, Known[]>();
  for (const one of found) {
    const others = knownOf.get(one.n);
    if (others) others.push(one);
    else knownOf.set(one.n, [one]);
  }
  return knownOf;
}

/** An address that no contact has yet: to be learnt by the one that has the other address, else by a new one. */
function missingOf(
  person: Person,
  byPhone: Known | undefined,
  byLid: Known | undefined,
): { contact: string | undefined; person: Person } | undefined {
  const { phone, lid } = person;
  if (phone !== null && !byPhone) {
    if (!byLid) return { contact: undefined, person };
    const alone = { phone, lid: null, pushName: person.pushName };
    return { contact: byLid.phone_number === null ? byLid.id : undefined, person: alone };
  }
  if (lid !== null && !byLid) {
    const alone = { phone: byPhone ? null : phone, lid, pushName: person.pushName };
    return { contact: byPhone && byPhone.lid === null ? byPhone.id : undefined, person: alone };
  }
  return undefined;
}

const namesOf = ({ phone, lid }: Peer): string[] => [
  ...(phone === null ? [] : [`phone ${phone}`]),
  ...(lid === null ? [] : [`lid ${lid}`]),
];

/** How people call themselves by now, where it is not what is known. */
export function newNames(people: readonly Person[], found: readonly Known[]): News[] {
  const news = new Map<string, News>();
  for (const { n, id, root, push_name: before } of found) {
    const pushName = people[n]?.pushName ?? null;
    if (pushName === null) continue;
    // Of merged contacts the one that is shown has the newest name, whatever it had; each keeps its own for when they are parted.
    if (id !== root) news.set(root, { id: root, phone: null, lid: null, pushName });
    if (before !== pushName) news.set(id, { id, phone: null, lid: null, pushName });
  }
  return [...news.values()];
}

/** One order for all who make people at the same time, whatever their languages. */
export const byName = (a: Peer, b: Peer): number => compare(a.phone, b.phone) || compare(a.lid, b.lid);

const compare = (a: string | null, b: string | null): number =>
  Number((a ?? '') > (b ?? '')) - Number((a ?? '') < (b ?? ''));
