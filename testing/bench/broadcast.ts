import pg from 'pg';
import { BroadcastPreview, BroadcastView } from '../../backend/src/modules/broadcasts/broadcasts.dto.ts';
import { dice } from '../dice.ts';
import { addGroup, type Shown } from '../house/groups.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import { until } from '../until.ts';
import type { Figure } from './figure.ts';

const PEOPLE = 10_000;
const LARGE_GROUP = 1_024;
const GROUPS = 50;
const GROUP_SIZE = 200;
const CONTENT = { type: 'text', text: '{Hello|Hi|Good day}, {we are {open|here}|come by} today!' };

/** Everybody has both addresses; a group shows one of them, or both. */
const person = (n: number): { phone: string; lid: string } => ({
  phone: `+97254${String(1_000_000 + n)}`,
  lid: String(70_000_000 + n),
});

type Furnished = { jids: string[]; all: string; meant: Set<number> };

/** A large group that shows everything, and small ones that overlap with it and with each other, and show some of it. */
async function furnish(client: pg.Client, organization: string | undefined): Promise<Furnished> {
  const roll = dice(PEOPLE);
  const meant = new Set<number>();
  const large = Array.from({ length: LARGE_GROUP }, (_, n) => n);
  const jids = [await addGroup(client, organization, 0, large.map(person))];
  for (const n of large) meant.add(n);
  for (let g = 1; g <= GROUPS; g += 1) {
    const members = new Set<number>();
    while (members.size < GROUP_SIZE) members.add(roll(PEOPLE));
    const shown = [...members].map((n): Shown => {
      const { phone, lid } = person(n);
      // What nobody has seen beside each other are two people to anybody.
      if (n >= LARGE_GROUP) return { phone, lid };
      return roll(2) === 0 ? { phone, lid: null } : { phone: null, lid };
    });
    jids.push(await addGroup(client, organization, g, shown));
    for (const n of members) meant.add(n);
  }
  const everybody = Array.from({ length: PEOPLE }, (_, n) => person(PEOPLE + n));
  return { jids, meant, all: await addGroup(client, organization, GROUPS + 1, everybody) };
}

/** What was done before is told to everybody who follows it: each figure is of one thing alone. */
const settled = (client: pg.Client): Promise<unknown> =>
  until(
    'what was done before to be followed',
    async () => {
      const { rows } = await client.query(
        'select from private.fact_cursors c where exists (select from private.facts f where (f.xid, f.id) > (c.xid, c.id))',
      );
      return rows.length === 0;
    },
    { timeoutMs: 60_000 },
  );

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}

/** Who is written to, as the database has it, beside who is in the groups, as they were made. */
async function assertMeant(client: pg.Client, id: string, meant: ReadonlySet<number>): Promise<void> {
  const { rows } = await client.query<{ phone: string }>(
    'select coalesce(phone_number, lid) as phone from broadcast_recipients where broadcast_id = $1 and exclusion is null',
    [id],
  );
  const found = new Set(rows.map(({ phone }) => phone));
  const missing = [...meant].filter((n) => !found.has(person(n).phone));
  if (missing.length > 0 || rows.length !== meant.size)
    throw new Error(`${rows.length} recipients instead of ${meant.size}; ${missing.length} are missing`);
}

async function measure(client: pg.Client, { api, session }: LinkedNumber): Promise<Figure[]> {
  const { jids, meant, all } = await furnish(client, api.organization);
  await api.call('POST', `/sessions/${session}/disconnect`);
  const request = (groups: string[]) => ({ audience: { groups: { jids: groups } }, content: CONTENT });
  const preview = (groups: string[]) =>
    timed(async () => BroadcastPreview.parse(await api.call('POST', '/broadcasts/preview', request(groups))));
  const launch = (groups: string[]) =>
    timed(async () =>
      BroadcastView.parse(await api.call('POST', '/broadcasts', { name: 'Bench', ...request(groups) })),
    );
  const overlapping = await preview(jids);
  const { recipients, duplicates } = overlapping.result;
  const named = LARGE_GROUP + GROUPS * GROUP_SIZE;
  if (recipients !== meant.size || duplicates !== named - meant.size)
    throw new Error(`the preview says ${recipients} of ${named}; the groups have ${meant.size}`);
  await assertMeant(client, (await launch(jids)).result.id, meant);
  const looked = await preview([all]);
  await settled(client);
  const strangers = await launch([all]);
  await settled(client);
  const again = await launch([all]);
  const messages = Array.from({ length: PEOPLE }, (_, n) => ({
    to: person(PEOPLE + n).phone,
    text: 'We are open today!',
  }));
  await settled(client);
  const bulk = await timed(() => api.call('POST', '/messages/send-bulk', { session_id: session, messages }));
  const baseline = { name: `${PEOPLE} bulk messages`, value: bulk.ms };
  return [
    { name: `ms to preview ${GROUPS + 1} groups that overlap`, better: 'less', wasel: overlapping.ms },
    { name: `ms to preview a broadcast to ${PEOPLE}`, better: 'less', wasel: looked.ms },
    { name: `ms to accept one to ${PEOPLE} strangers`, better: 'less', wasel: strangers.ms, baseline },
    { name: `ms to accept one to ${PEOPLE} contacts`, better: 'less', wasel: again.ms, baseline },
  ];
}

/** A broadcast: whom its groups mean, exactly; how long looking at it and accepting it takes. The number rests meanwhile. */
export async function broadcast(): Promise<Figure[]> {
  const house = await House.start();
  const client = new pg.Client({ connectionString: house.databaseUrl });
  try {
    await client.connect();
    await client.query('set role app_system'); // the login role itself sees no rows
    return await measure(client, await house.link(await house.register()));
  } finally {
    await client.end();
    await house.stop();
  }
}
