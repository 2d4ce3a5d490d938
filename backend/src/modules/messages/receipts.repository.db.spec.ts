import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { newId } from '../../kernel/ids.ts';
import { aTenant, type Tenant } from '../../testing/factories.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { StaleLease } from '../sessions/sessions.errors.ts';
import type { IncomingMessage, IncomingReceipt, Lease, ReceiptStatus } from '../sessions/session-traffic.ts';
import { InboundRepository } from './inbound.repository.ts';
import { OutboxRepository } from './outbox.repository.ts';
import { ReceiptsRepository } from './receipts.repository.ts';

let api: TestApi;
let admin: Client;
let outbox: OutboxRepository;
let receipts: ReceiptsRepository;

beforeAll(async () => {
  api = await startApi();
  outbox = api.app.get(OutboxRepository);
  receipts = api.app.get(ReceiptsRepository);
  admin = new Client({ connectionString: api.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await api.close();
});

const leaseOf = ({ organization, session }: Tenant, epoch = 3n): Lease => ({ organization, session, epoch });

type Row = {
  status: string;
  sent: boolean;
  delivered: boolean;
  read: boolean;
  played: boolean;
  queued: boolean;
  facts: string[];
};

/** What is known of the message that waits to leave, as everybody sees it. */
async function stateOf({ queued }: Tenant): Promise<Row> {
  const { rows } = await admin.query<Row>(
    `select status, sent_at is not null as sent, delivered_at is not null as delivered, read_at is not null as read,
            played_at is not null as played, exists (select from private.outbox where message_id = m.id) as queued,
            array(select payload ->> 'status' from private.facts where subject = m.id and type = 'message.status' order by id) as facts
       from messages m where id = $1`,
    [queued],
  );
  return rows[0] as Row;
}

async function whatsappIdOf({ queued }: Tenant): Promise<string> {
  const { rows } = await admin.query<{ id: string }>('select whatsapp_message_id as id from messages where id = $1', [
    queued,
  ]);
  return rows[0]?.id ?? '';
}

const receipt = (id: string, status: ReceiptStatus): IncomingReceipt => ({
  inboxId: newId(),
  whatsappMessageIds: [id],
  status,
  at: new Date(),
});

/** The same numbers for the same seed: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}

const RANKS = ['sent', 'delivered', 'read', 'played'];

describe('what is said of a message', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'ends the same in whatever order it arrives (%i)',
    async (seed) => {
      const random = randomFrom(seed);
      const tenant = await aTenant(admin);
      const lease = leaseOf(tenant);
      const id = await whatsappIdOf(tenant);
      const said = (['ack', 'delivered', 'read', 'played'] as const).flatMap((one) => [one, one]);
      let batch: ReceiptStatus[] = [];
      const flush = async () => {
        if (batch.length > 0)
          await receipts.store(
            lease,
            batch.map((status) => receipt(id, status)),
          );
        batch = [];
      };
      for (const one of shuffled(said, random)) {
        if (one === 'ack') await outbox.sent(lease, [{ whatsappMessageId: id, at: new Date() }]);
        else batch.push(one);
        if (random() < 0.5) await flush();
      }
      await flush();
      const { facts, ...state } = await stateOf(tenant);
      expect(state).toEqual({
        status: 'played',
        sent: true,
        delivered: true,
        read: true,
        played: true,
        queued: false,
      });
      // Nobody was told of a step back, nor of the same twice.
      const ranks = facts.map((status) => RANKS.indexOf(status));
      expect(ranks).toEqual([...new Set(ranks)].toSorted((a, b) => a - b));
      expect(facts.at(-1)).toBe('played');
    },
  );

  it('changes nothing under a lease that is another node’s by now', async () => {
    const tenant = await aTenant(admin);
    const before = await stateOf(tenant);
    const id = await whatsappIdOf(tenant);
    await expect(receipts.store(leaseOf(tenant, 2n), [receipt(id, 'read')])).rejects.toThrow(StaleLease);
    await outbox.sent(leaseOf(tenant, 2n), [{ whatsappMessageId: id, at: new Date() }]);
    expect(await stateOf(tenant)).toEqual(before);
  });

  it('is written together for many numbers, each by its own lease', async () => {
    const tenants: Tenant[] = [];
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const tenant = await aTenant(admin, `Tenant ${n}`);
      tenants.push(tenant);
      ids.push(await whatsappIdOf(tenant));
    }
    const results = await Promise.allSettled(
      tenants.map((tenant, n) =>
        receipts.store(leaseOf(tenant, n === 2 ? 2n : 3n), [receipt(ids[n] ?? '', n % 2 ? 'read' : 'delivered')]),
      ),
    );
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true, true]);
    const statuses: string[] = [];
    for (const tenant of tenants) statuses.push((await stateOf(tenant)).status);
    expect(statuses).toEqual(['delivered', 'read', 'queued', 'read', 'delivered', 'read']);
  });

  it('touches no message of another tenant that happens to have the same id', async () => {
    const [mine, other] = [await aTenant(admin), await aTenant(admin)];
    const id = await whatsappIdOf(mine);
    await admin.query('update messages set whatsapp_message_id = $1 where id = $2', [id, other.queued]);
    await receipts.store(leaseOf(mine), [receipt(id, 'read')]);
    expect([(await stateOf(mine)).status, (await stateOf(other)).status]).toEqual(['read', 'queued']);
  });

  it('waits for a message that was written on the phone and is not here yet', async () => {
    const tenant = await aTenant(admin);
    const lease = leaseOf(tenant);
    const id = '3A0000000000000000EE';
    await receipts.store(lease, [receipt(id, 'delivered'), receipt(id, 'read')]);
    const echo: IncomingMessage = {
      inboxId: '',
      whatsappMessageId: id,
      peer: { phone: '+972501234567', lid: null },
      fromMe: true,
      pushName: null,
      sentAt: new Date(),
      isHistory: false,
      type: 'text',
      text: 'from the phone',
      file: null,
      payload: Buffer.from('x'),
    };
    await api.app.get(InboundRepository).storeMessages(lease, [echo]);
    const { rows } = await admin.query<{ status: string }>(
      'select status from messages where session_id = $1 and whatsapp_message_id = $2',
      [tenant.session, id],
    );
    expect(rows).toEqual([{ status: 'read' }]);
  });

  it('leaves nothing in the inbox once it is applied', async () => {
    const tenant = await aTenant(admin);
    const one = receipt(await whatsappIdOf(tenant), 'delivered');
    await admin.query(
      `insert into private.session_inbox (organization_id, session_id, id, kind, key_id, sealed) values ($1, $2, $3, 'receipt', 'k1', 'x')`,
      [tenant.organization, tenant.session, one.inboxId],
    );
    await receipts.store(leaseOf(tenant), [one]);
    const { rowCount } = await admin.query('select from private.session_inbox where id = $1', [one.inboxId]);
    expect(rowCount).toBe(0);
  });
});
