import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { dice } from '../../../../testing/dice.ts';
import { ContactId, ContactListId, newId, type OrganizationId, TagId } from '../../kernel/ids.ts';
import { Phone } from '../../kernel/phone.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { anOrganization, aSession } from '../../testing/factories.ts';
import { insert, type Row } from '../../testing/insert.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { AudienceRepository } from './audience.repository.ts';
import type { Audience, Recipient } from './audience.rules.ts';
import type { BroadcastAudience } from './broadcasts.dto.ts';

const PEOPLE = 120;
const GROUPS = 8;

let database: OpenDatabase;
let admin: pg.Client;
let db: TenantDb;
beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  db = new TenantDb(database.pool('app_tenant', 2));
});
afterAll(() => database.close());

type Contact = { id: string; root: string; phone: string | null; lid: string | null; optedOut: boolean };
type Participant = { jid: string; phone: string | null; lid: string | null; role: string | null };

/** What there is, as the test made it. */
type World = {
  organization: OrganizationId;
  session: string;
  contacts: Contact[];
  participants: Participant[];
  /** By what was written. */
  checks: Map<string, { canonical: string | null; fresh: boolean }>;
  tagged: string[];
  listed: string[];
  chosen: string[];
  given: string[];
  own: { phone: string; lid: string | null }[];
  tag: TagId;
  list: ContactListId;
};

/** People who are contacts, or are in groups, or both, in whatever way WhatsApp shows them. */
async function aWorld(seed: number): Promise<World> {
  const roll = dice(seed);
  const organization = await anOrganization(admin);
  const world: World = {
    organization,
    session: '',
    contacts: [],
    participants: [],
    checks: new Map(),
    tagged: [],
    listed: [],
    chosen: [],
    given: [],
    own: [],
    tag: TagId.parse(newId()),
    list: ContactListId.parse(newId()),
  };
  for (let n = 0; n < PEOPLE; n += 1) addPerson(world, n, roll);
  await store(world);
  return world;
}

function addPerson(world: World, n: number, roll: (sides: number) => number): void {
  const [phone, written, lid] = [`+9725410${10_000 + n}`, `+9725420${10_000 + n}`, String(900_000 + n)];
  const own = n < 2;
  if (own) world.own.push({ phone, lid: n === 0 ? lid : null });
  const check = roll(6);
  if (check === 0) world.checks.set(phone, { canonical: null, fresh: roll(2) === 0 });
  if (check === 1) world.checks.set(written, { canonical: phone, fresh: true });
  const known = addContacts(world, { phone, lid }, roll);
  const wayOf = (): string => (check === 1 && roll(2) === 0 ? written : phone);
  for (let g = 0; g < GROUPS; g += 1) {
    if (roll(3) > 0) continue;
    const way = roll(5);
    const role = way === 3 ? null : (['member', 'member', 'admin', 'superadmin'][roll(4)] ?? null);
    const shown = { phone: way === 1 ? null : wayOf(), lid: way === 2 ? null : lid };
    world.participants.push({ jid: `12036300000000000${g}@g.us`, role, ...shown });
  }
  for (const contact of known) {
    if (roll(6) === 0) world.tagged.push(contact.id);
    if (roll(6) === 0) world.listed.push(contact.id);
    if (roll(8) === 0) world.chosen.push(contact.id);
  }
  for (let times = roll(4); times > 2; times -= 1) world.given.push(wayOf());
}

function addContacts(
  world: World,
  { phone, lid }: { phone: string; lid: string },
  roll: (sides: number) => number,
): Contact[] {
  const [one, two] = [newId(), newId()];
  const optedOut = roll(8) === 0;
  const ways: Contact[][] = [
    [],
    [{ id: one, root: one, phone, lid: null, optedOut }],
    [{ id: one, root: one, phone: null, lid, optedOut }],
    [{ id: one, root: one, phone, lid, optedOut }],
    [
      { id: one, root: one, phone, lid: null, optedOut },
      { id: two, root: one, phone: null, lid, optedOut: false },
    ],
    [
      { id: one, root: one, phone: null, lid, optedOut },
      { id: two, root: one, phone, lid: null, optedOut: false },
    ],
  ];
  const made = ways[roll(ways.length)] ?? [];
  world.contacts.push(...made);
  return made;
}

async function store(world: World): Promise<void> {
  const { organization, contacts, participants } = world;
  const of = { organization_id: organization };
  const add = (table: string, row: Row) => insert(admin, table, { ...of, ...row });
  for (const { id, root, phone, lid, optedOut } of contacts) {
    const out = optedOut ? { opted_out_at: new Date(), opt_out_source: 'person' } : {};
    await add('contacts', { id, phone_number: phone, lid, merged_into: root === id ? null : root, ...out });
  }
  const groups = new Map<string, string>();
  for (let g = 0; g < GROUPS; g += 1) {
    const group = await add('groups', {
      id: newId(),
      jid: `12036300000000000${g}@g.us`,
      subject: `Group ${g}`,
      told_at: new Date(),
    });
    groups.set(`12036300000000000${g}@g.us`, String((group as Row)['id']));
  }
  for (const { jid, phone, lid, role } of participants)
    await add('group_participants', {
      id: newId(),
      group_id: groups.get(jid),
      phone_number: phone,
      lid,
      role,
      changed_at: new Date(),
    });
  for (const [phone, { canonical, fresh }] of world.checks) {
    const checked = new Date(Date.now() - (fresh ? 1 : 20) * 86_400_000);
    await add('private.number_checks', { phone_number: phone, canonical, checked_at: checked });
  }
  await add('tags', { id: world.tag, name: 'Tag' });
  await add('contact_lists', { id: world.list, name: 'List' });
  for (const id of world.tagged) await add('contact_tags', { contact_id: id, tag_id: world.tag });
  for (const id of world.listed) await add('contact_list_members', { contact_id: id, list_id: world.list });
  for (const { phone, lid } of world.own) {
    const session = { phone_number: phone, whatsapp_lid: lid === null ? null : `${lid}:7@lid` };
    world.session = await aSession(admin, organization, session);
  }
}

/** Somebody as one source names him, as the test sees it: all of his names. */
type Mention = { names: Set<string>; left: boolean };
type Person = { names: Set<string>; left: boolean; mentions: number };

const canonicalOf = (world: World, phone: string): string => world.checks.get(phone)?.canonical ?? phone;
const phonesOf = (world: World, phone: string | null): string[] =>
  phone === null ? [] : [phone, canonicalOf(world, phone)];
const namesOf = (world: World, phone: string | null, lid: string | null): string[] => [
  ...phonesOf(world, phone),
  ...(lid === null ? [] : [`lid ${lid}`]),
];
const shownNames = (world: World, root: string): string[] => [
  root,
  ...world.contacts.filter((one) => one.root === root).flatMap(({ phone, lid }) => namesOf(world, phone, lid)),
];

function mentionsOf(world: World, audience: BroadcastAudience): Mention[] {
  const rootOf = (id: string): string => world.contacts.find((one) => one.id === id)?.root ?? '';
  const roots = [
    ...(audience.everybody ? world.contacts.filter(({ id, root }) => id === root).map(({ id }) => id) : []),
    ...(audience.tag_ids ? world.tagged.map(rootOf) : []),
    ...(audience.list_ids ? world.listed.map(rootOf) : []),
    ...(audience.contact_ids ?? []).map(rootOf),
  ];
  const { groups } = audience;
  const isContact = (names: readonly string[]): boolean =>
    world.contacts.some(({ phone, lid }) => names.includes(phone ?? '') || names.includes(`lid ${lid}`));
  const inGroups = world.participants.filter(
    ({ jid, role, phone, lid }) =>
      groups?.jids.includes(jid) &&
      (!groups.admins_only || role === 'admin' || role === 'superadmin') &&
      (!groups.contacts || isContact(namesOf(world, phone, lid)) === (groups.contacts === 'only')),
  );
  return [
    ...roots.map((root) => ({ names: new Set(shownNames(world, root)), left: false })),
    ...inGroups.map(({ phone, lid, role }) => ({ names: new Set(namesOf(world, phone, lid)), left: role === null })),
    ...(audience.phone_numbers ?? []).map((phone) => ({ names: new Set(phonesOf(world, phone)), left: false })),
  ];
}

/** Puts together whoever has a name in common, also through a contact, until nothing changes any more. */
function peopleOf(world: World, mentions: readonly Mention[]): Person[] {
  const roots = [...new Set(world.contacts.map(({ root }) => root))];
  const contacts = roots.map((root) => ({ names: new Set(shownNames(world, root)), left: true, mentions: 0 }));
  let people: Person[] = [...mentions.map((mention) => ({ ...mention, mentions: 1 })), ...contacts];
  for (let changed = true; changed;) {
    changed = false;
    const next: Person[] = [];
    for (const person of people) {
      const same = next.find(({ names }) => [...person.names].some((name) => names.has(name)));
      if (!same) next.push(person);
      else {
        changed = true;
        for (const name of person.names) same.names.add(name);
        same.left &&= person.left;
        same.mentions += person.mentions;
      }
    }
    people = next;
  }
  return people.filter((person) => person.mentions > 0);
}

function exclusionOf(world: World, { names, left }: Person): string | null {
  if (world.own.some(({ phone, lid }) => names.has(phone) || names.has(`lid ${lid}`))) return 'own_number';
  if (left) return 'left_group';
  if (world.contacts.some(({ id, optedOut }) => optedOut && names.has(id))) return 'opted_out';
  const isGone = (phone: string): boolean => {
    const check = world.checks.get(phone);
    return check?.fresh === true && check.canonical === null;
  };
  const phones = [...names].filter((name) => name.startsWith('+'));
  if ([...names].some((name) => name.startsWith('lid ')) || phones.length === 0) return null;
  return phones.some(isGone) ? 'not_on_whatsapp' : null;
}

const audienceOf = (world: World, audience: BroadcastAudience): Promise<Audience> =>
  db.asTenantSql(world.organization, (sql) =>
    new AudienceRepository().of(sql, audience, audience.phone_numbers ?? [], [world.session]),
  );

function anAudience(world: World, seed: number): BroadcastAudience {
  const roll = dice(seed);
  const some = <T>(value: T): T | undefined => (roll(2) === 0 ? value : undefined);
  const jids = Array.from({ length: GROUPS }, (_, g) => `12036300000000000${g}@g.us`).filter(() => roll(3) > 0);
  return {
    everybody: roll(4) === 0 ? true : undefined,
    groups:
      jids.length > 0
        ? { jids, admins_only: some(true), contacts: roll(3) === 0 ? (roll(2) === 0 ? 'only' : 'not') : undefined }
        : undefined,
    tag_ids: some([world.tag]),
    list_ids: some([world.list]),
    contact_ids: some(world.chosen.map((id) => ContactId.parse(id))),
    phone_numbers: some(world.given.map((phone) => Phone.parse(phone))),
  };
}

/** The names by which a recipient can be found among people. */
const nameOf = ({ contact, phone, lid }: Recipient): string => contact?.root ?? phone ?? `lid ${lid}`;

describe.each([1, 2, 3, 4, 5, 6])('an audience of world %i', (seed) => {
  it('is whom it means, each once, and who is not written to has the one reason', async () => {
    const world = await aWorld(seed);
    for (let turn = 0; turn < 12; turn += 1) {
      const audience = anAudience(world, seed * 100 + turn);
      const mentions = mentionsOf(world, audience);
      const people = peopleOf(world, mentions);
      const { recipients, duplicates } = await audienceOf(world, audience);
      const found = recipients.map((one) => {
        const person = people.findIndex(({ names }) => names.has(nameOf(one)));
        return `${person} ${one.exclusion}`;
      });
      const meant = people.map((person, n) => `${n} ${exclusionOf(world, person)}`);
      expect({ audience, found: found.toSorted() }).toEqual({ audience, found: meant.toSorted() });
      expect(duplicates).toBe(mentions.length - people.length);
    }
  });
});

it('is another in each world, and has everything in it that there is to be found', async () => {
  const world = await aWorld(1);
  const { recipients } = await audienceOf(world, {
    everybody: true,
    groups: { jids: Array.from({ length: GROUPS }, (_, g) => `12036300000000000${g}@g.us`) },
    phone_numbers: world.given.map((phone) => Phone.parse(phone)),
  });
  const reasons = new Set(recipients.map(({ exclusion }) => exclusion));
  expect([...reasons].toSorted(byText)).toEqual([null, 'not_on_whatsapp', 'opted_out', 'own_number'].toSorted(byText));
  expect(recipients.some(({ contact }) => contact === null)).toBe(true);
  expect(recipients.some(({ contact }) => contact !== null && contact.home !== contact.root)).toBe(true);
  expect(recipients.some(({ phone }) => phone === null)).toBe(true);
});

const byText = (a: string | null, b: string | null): number => String(a).localeCompare(String(b));
