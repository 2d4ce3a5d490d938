import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { createEmptyDatabase } from '../../../../testing/database.ts';
import { migrate } from '../../../../scripts/database/migrate.ts';
import { CATALOGUE_RULES, catalogueFaults, type Fault } from '../../testing/catalogue.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { withClient } from '../../testing/with-client.ts';

/** What breaks a rule for a reason. Another table, policy or function that does so is a mistake until it is reasoned here. */
const EXCEPTIONS: readonly (Fault & { why: string })[] = [
  {
    rule: 'row security is enabled',
    object: 'public._prisma_migrations',
    why: "it is no tenant's; the migration runner writes it as the owner, and app_system may see which are applied",
  },
  { rule: 'row security is forced', object: 'public._prisma_migrations', why: 'as above' },
  {
    rule: "no function runs with its owner's rights",
    object: 'private.maintain_facts(timestamp with time zone)',
    why: 'only the owner of a table makes and drops its partitions; app_system alone may call it',
  },
  {
    rule: "no function runs with its owner's rights",
    object: 'private.hold_lease(uuid,bigint)',
    why: 'a tenant asks about a lease, and locks it, without a right to change leases',
  },
  {
    rule: "no function runs with its owner's rights",
    object: 'private.find_messages(text,uuid,uuid,integer)',
    why: "as the nodes, for row security keeps tenants from the index of words; of the transaction's organization only",
  },
  {
    rule: "no function runs with its owner's rights",
    object: 'private.messages_by_walk(tsquery,text[],uuid,uuid,integer,integer)',
    why: 'a part of find_messages, which alone may call it',
  },
  {
    rule: "no function runs with its owner's rights",
    object: 'private.messages_in_days(text,tsquery,text[],uuid,uuid,integer)',
    why: 'as above',
  },
  {
    rule: 'a primary key begins with the organization',
    object: 'private.facts',
    why: 'a log that is appended to and read by cursor: no row is looked up, changed or referred to',
  },
  {
    rule: 'a primary key begins with the organization',
    object: 'private.mails',
    why: "a mail about somebody's account belongs to no organization; nodes alone look mails up, by their id",
  },
  {
    rule: 'a unique index begins with the organization',
    object: 'private.session_leases: session_leases_session_id_key',
    why: 'the way from a session to its organization, for nodes that know the session only',
  },
  {
    rule: 'a unique index begins with the organization',
    object: 'private.session_leases: session_leases_epoch',
    why: 'makes the epoch part of a key, so that a lock on it stops a takeover',
  },
  {
    rule: 'a unique index begins with the organization',
    object: 'private.api_keys: api_keys_hash_key',
    why: 'the way from a key to its organization, for a program that says nothing else',
  },
  {
    rule: 'a unique index begins with the organization',
    object: 'private.invitations: invitations_token_hash_key',
    why: 'the way from a link to its organization, for somebody who is no member yet',
  },
  {
    rule: 'a foreign key begins with the organization on both sides',
    object: 'public.memberships: memberships_user_id_fkey',
    why: 'people belong to no organization; memberships say to which they have come',
  },
  {
    rule: 'a foreign key begins with the organization on both sides',
    object: 'public.messages: messages_sent_by_user_id_fkey',
    why: 'who sent a message stays written when his membership ends',
  },
  {
    rule: 'a foreign key begins with the organization on both sides',
    object: 'public.message_retries: message_retries_retried_by_user_id_fkey',
    why: 'so does who had it sent again',
  },
  {
    rule: 'a policy lets tenants at rows of the current organization only',
    object: 'public.users: colleagues',
    why: 'people belong to no organization; the sub-select sees the memberships of this one only',
  },
  {
    rule: 'a policy lets browsers read rows of the organizations that they are members of only',
    object: 'public.memberships: own_memberships',
    why: 'this is what says which organizations those are',
  },
  {
    rule: 'a policy lets browsers read rows of the organizations that they are members of only',
    object: 'public.users: own_row',
    why: 'a person sees himself',
  },
];

/** Careless migrations, and what is to be said of each. Between them they break every rule. */
const CARELESS: readonly [string, ...string[]][] = [
  [
    'create table notes (organization_id uuid, id uuid primary key, session_id uuid unique)',
    'a primary key begins with the organization: public.notes',
    'a unique index begins with the organization: public.notes: notes_session_id_key',
    'row security is enabled: public.notes',
    'row security is forced: public.notes',
  ],
  ['alter table messages no force row level security', 'row security is forced: public.messages'],
  [
    'alter table media add unique (sha256)',
    'a unique index begins with the organization: public.media: media_sha256_key',
  ],
  [
    'alter table session_links add contact_id uuid; create unique index on contacts (id); alter table session_links add foreign key (contact_id) references contacts (id)',
    'a foreign key begins with the organization on both sides: private.session_links: session_links_contact_id_fkey',
    'a unique index begins with the organization: public.contacts: contacts_id_idx',
  ],
  ['create view everything as select * from messages', 'there are no relations but tables: public.everything'],
  [
    'grant select on contacts to authenticated; grant truncate on contacts to app_tenant; grant insert on media to public',
    'a table is granted to the two roles of the API only, and for rows only: public.contacts: select to authenticated',
    'a table is granted to the two roles of the API only, and for rows only: public.contacts: truncate to app_tenant',
    'a table is granted to the two roles of the API only, and for rows only: public.media: insert to public',
  ],
  [
    'grant update (name) on contacts to authenticated; grant select (sealed) on session_keys to authenticated',
    'a browser may read columns of schema public, and nothing else: private.session_keys.sealed: select to authenticated',
    'a browser may read columns of schema public, and nothing else: public.contacts.name: update to authenticated',
  ],
  [
    'grant usage on sequence private.outbox_sequence_seq to authenticated',
    'a sequence is granted to nobody: private.outbox_sequence_seq: usage to authenticated',
  ],
  [
    'grant usage on schema private to authenticated; grant create on schema public to app_tenant',
    'schema private is open to the two roles of the API only, and nobody else makes anything: private: usage to authenticated',
    'schema private is open to the two roles of the API only, and nobody else makes anything: public: create to app_tenant',
  ],
  [
    `create function peek() returns bigint language sql security definer as 'select count(*) from messages'; grant execute on function peek to anon`,
    'a function is granted to the two roles of the API only: peek(): execute to anon',
    'a function is granted to the two roles of the API only: peek(): execute to public',
    "a function with its owner's rights has a search path of its own: peek()",
    "no function runs with its owner's rights: peek()",
  ],
  [
    'create policy shared on media to app_tenant using (true)',
    'a policy lets tenants at rows of the current organization only: public.media: shared',
  ],
  [
    'create policy anybody on media for select using (true)',
    'a policy is for one of our roles: public.media: anybody',
    'a policy lets browsers read rows of the organizations that they are members of only: public.media: anybody',
    'a policy lets tenants at rows of the current organization only: public.media: anybody',
  ],
  [
    'create policy writing on media for update to authenticated using (organization_id in (select organization_id from memberships))',
    'a policy lets browsers read rows of the organizations that they are members of only: public.media: writing',
  ],
  [
    'grant app_system to app_tenant; alter role authenticated bypassrls',
    'a role passes by no row security, and is nobody else: app_tenant',
    'a role passes by no row security, and is nobody else: authenticated',
    'who logs in inherits no role: app_tenant from app_system',
  ],
  ['grant app_system to wasel with inherit true', 'who logs in inherits no role: wasel from app_system'],
];

const words = (fault: Fault) => `${fault.rule}: ${fault.object}`;
const excepted = EXCEPTIONS.map(words);
const unexcepted = (faults: Fault[]) =>
  faults
    .map(words)
    .filter((fault) => !excepted.includes(fault))
    .toSorted();

let database: OpenDatabase;
let admin: Client;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
});
afterAll(() => database.close());

/** What is said after `sql`, of which nothing stays. */
async function faultsAfter(sql: string): Promise<string[]> {
  await admin.query('begin');
  try {
    await admin.query(`set local search_path = public, private; ${sql}; set local search_path = public`);
    return unexcepted(await catalogueFaults(admin));
  } finally {
    await admin.query('rollback');
  }
}

describe('the catalogue of the migrated database', () => {
  it('breaks no rule of tenancy, but for the reasoned exceptions, of which none is out of date', async () => {
    const faults = (await catalogueFaults(admin)).map(words);
    expect(faults.toSorted()).toEqual(excepted.toSorted());
  });

  it.each(CARELESS)('would be found out after: %s', async (sql, ...faults) => {
    expect(await faultsAfter(sql)).toEqual(faults);
  });

  it('is asked for nothing that could not be found', async () => {
    const found = CARELESS.flatMap(([, ...faults]) => faults);
    expect(CATALOGUE_RULES.filter((rule) => !found.some((fault) => fault.startsWith(rule)))).toEqual([]);
  });
});

describe('a platform that gives every new object away', () => {
  it('gives nothing of ours away: schemas, tables, sequences, functions', async () => {
    const hostile = await createEmptyDatabase();
    await withClient(hostile.adminUrl, async (client) => {
      for (const place of ['', 'in schema public'])
        for (const kind of ['tables', 'sequences', 'functions', ...(place ? [] : ['schemas'])])
          await client.query(`alter default privileges for role wasel ${place}
                              grant all on ${kind} to public, anon, authenticated, service_role, app_tenant`);
      await migrate(hostile.url, { log: () => undefined });
      expect(unexcepted(await catalogueFaults(client))).toEqual([]);
      const { rows } = await client.query(
        `select ${['sessions', 'private.session_keys'].map((t) => `has_table_privilege('service_role', '${t}', 'select')`).join(' or ')} as open`,
      );
      expect(rows).toEqual([{ open: false }]);
    });
    await hostile.drop();
  });
});
