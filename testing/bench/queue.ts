import pg from 'pg';
import { CLAIM } from '../../backend/src/modules/messages/outbox.claims.ts';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import { until } from '../until.ts';
import type { Figure } from './figure.ts';
import { settledBytes } from './process-memory.ts';

const FEW = 100;
const MANY = 1_000_000;
const CHATS = 1_000;
const INSERTED_AT_ONCE = 50_000;
const PROCESSES = 3;
const CLAIMS = 200;
const MIB = 1024 ** 2;

/** Of ten messages one is for tomorrow, and one begins a chat. */
const FILL = `with made as (
    insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id, scheduled_at)
    select $1, gen_random_uuid(), $2, chats.id, 'outbound', 'text', 'Message ' || n, case n % 10 when 0 then 'pending' else 'queued' end,
           'BENCH' || n, case n % 10 when 0 then now() + interval '1 day' end
      from generate_series($3::int, $4::int) n
      join (select id, row_number() over (order by id) - 1 as k from conversations where session_id = $2) chats on chats.k = n % ${CHATS}
    returning organization_id, id, session_id, conversation_id, status, scheduled_at, right(text, 1) as digit
  )
  insert into private.outbox (organization_id, message_id, session_id, conversation_id, send_after, new_chat)
  select organization_id, id, session_id, conversation_id, coalesce(scheduled_at, '-infinity'), case digit when '1' then 2 else 0 end from made`;

const OPEN_CHATS = `with people as (
    insert into contacts (organization_id, id, phone_number)
    select $1, gen_random_uuid(), '+1555' || (1000000 + n) from generate_series(1, ${CHATS}) n returning id
  )
  insert into conversations (organization_id, id, session_id, contact_id, established)
  select $1, gen_random_uuid(), $2, id, true from people`;

async function fill(client: pg.Client, { api, session }: LinkedNumber, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += INSERTED_AT_ONCE)
    await client.query(FILL, [api.organization, session, n + 1, Math.min(n + INSERTED_AT_ONCE, to)]);
  // As its owner: what autovacuum does in a while.
  await client.query('reset role');
  await client.query('vacuum analyze private.outbox');
  await client.query('vacuum analyze messages');
  await client.query('set role app_system');
}

/** Resident memory of a node that has connected its number and waits, at its pace, with all that is queued. */
async function bytesOf(house: House): Promise<number> {
  const all: number[] = [];
  for (let n = 0; n < PROCESSES; n += 1) {
    const inspect = await findFreePort();
    house.node.launch({ NODE_OPTIONS: `--inspect=127.0.0.1:${inspect}` });
    await until('it to be connected', async () => (await house.phones.stats()).connections > 0, { timeoutMs: 120_000 });
    let least = Infinity;
    let unchanged = 0;
    await until(
      'memory to settle',
      async () => {
        const bytes = await settledBytes(house.node.pid, inspect);
        unchanged = bytes < least * 0.995 ? 0 : unchanged + 1;
        least = Math.min(least, bytes);
        return unchanged >= 2;
      },
      { everyMs: 1_000, timeoutMs: 60_000 },
    );
    all.push(least);
    await house.node.kill('SIGTERM');
    await until('nobody to be connected', async () => (await house.phones.stats()).connections === 0);
  }
  return median(all);
}

/** How long the next message takes to be claimed, as a number with a pace and a budget does it; each claim is taken back. */
async function claimMs(client: pg.Client, { api, session }: LinkedNumber): Promise<number> {
  const { rows } = await client.query<{ epoch: string }>(
    'select epoch from private.session_leases where session_id = $1',
    [session],
  );
  const values = [api.organization, session, rows[0]?.epoch, 1, 50, 20];
  const tookMs: number[] = [];
  for (let n = 0; n < CLAIMS; n += 1) {
    await client.query('begin');
    const startedAt = performance.now();
    const { rowCount } = await client.query({ name: 'claim', text: CLAIM.due, values });
    tookMs.push(performance.now() - startedAt);
    await client.query('rollback');
    if (rowCount !== 1) throw new Error('nothing was claimed');
  }
  return median(tookMs);
}

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? NaN;

/** What a queue weighs: a node holds none of it in memory, and finds the next message without looking at the others. */
export async function queue(): Promise<Figure[]> {
  const house = await House.start({ env: { OUTBOX_MAX_PER_MINUTE: '20', OUTBOX_MIN_GAP_MS: '3000' } });
  const client = new pg.Client({ connectionString: house.databaseUrl });
  try {
    await client.connect();
    await client.query('set role app_system'); // the login role itself sees no rows
    const number = await house.link(await house.register());
    await house.node.kill('SIGTERM');
    await client.query(OPEN_CHATS, [number.api.organization, number.session]);
    const measured: { bytes: number; ms: number }[] = [];
    let queued = 0;
    for (const count of [FEW, MANY]) {
      await fill(client, number, queued, count);
      queued = count;
      measured.push({ ms: await claimMs(client, number), bytes: await bytesOf(house) });
    }
    const [few, many] = measured;
    if (!few || !many) throw new Error('not all was measured');
    const name = `with ${FEW}`;
    const of = `with ${MANY.toLocaleString('en')} queued`;
    return [
      {
        name: `MiB of a node ${of}`,
        better: 'less',
        wasel: many.bytes / MIB,
        baseline: { name, value: few.bytes / MIB },
      },
      { name: `ms to claim the next ${of}`, better: 'less', wasel: many.ms, baseline: { name, value: few.ms } },
    ];
  } finally {
    await client.end();
    await house.stop();
  }
}
