import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import type pg from 'pg';
import { newId, OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { anIncomingMessage, anOrganization, aSession, leaseOf } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import type { IncomingMessage, Lease } from '../sessions/session-traffic.ts';
import { InboundRepository } from './inbound.repository.ts';

let database: OpenDatabase;
let admin: pg.Client;
let inbound: InboundRepository;
let organization: OrganizationId;
let session: SessionId;
let lease: Lease;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  inbound = new InboundRepository(new TenantDb(database.pool('app_tenant', 4)), new ContactsRepository(), new Facts());
});
afterAll(() => database.close());

const SELF = '+972541239999';
const OMAR = '+972541230001';
const EVE = '+972541230666';
const START = Date.parse('2026-11-01T09:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000);

async function newNumber(): Promise<void> {
  organization = await anOrganization(admin);
  session = await aSession(admin, organization, { phone_number: SELF });
  lease = leaseOf({ organization, session });
}
beforeEach(newNumber);

type Over = Partial<IncomingMessage>;
const from = (phone: string, over: Over): IncomingMessage =>
  anIncomingMessage({ peer: { phone, lid: null }, sentAt: at(0), ...over });
const said = (over: Over = {}) => from(OMAR, { whatsappMessageId: 'M1', text: 'first', ...over });
const about = (type: IncomingMessage['type'], id: string, over: Over = {}): IncomingMessage =>
  from(OMAR, {
    type,
    whatsappMessageId: id,
    text: null,
    target: { whatsappMessageId: 'M1', direction: over.fromMe === true ? 'outbound' : 'inbound' },
    ...over,
  });
const edit = (id: string, text: string, seconds: number, over: Over = {}) =>
  about('edit', id, { text, sentAt: at(seconds), ...over });
const reaction = (id: string, emoji: string, seconds: number, over: Over = {}) =>
  about('reaction', id, {
    text: emoji,
    sentAt: at(seconds),
    target: { whatsappMessageId: 'M1', direction: 'inbound' },
    ...over,
  });
const deletion = (id: string, seconds: number, over: Over = {}) =>
  about('delete', id, { sentAt: at(seconds), ...over });

const rowsOf = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> =>
  (await admin.query<Row>(sql, [organization])).rows;
/** All that is shown, in words that do not depend on chance. */
const state = async () => ({
  messages: await rowsOf(
    `select whatsapp_message_id as id, text, content, payload is null as forgotten, media_state, edited_at, deleted_at
       from messages where organization_id = $1 and type = 'text' order by 1`,
  ),
  reactions: await rowsOf(
    'select author, emoji, reacted_at from message_reactions where organization_id = $1 order by author, emoji desc',
  ),
  votes: await rowsOf('select author, options from poll_votes where organization_id = $1 order by 1'),
  versions: await rowsOf(
    'select text, written_at from message_versions where organization_id = $1 order by written_at, text',
  ),
  edits: await rowsOf(`select text from messages where organization_id = $1 and type = 'edit' order by 1`),
  conversations: await rowsOf(
    `select c.phone_number, v.unread_count, m.whatsapp_message_id as last from conversations v join contacts c on c.id = v.contact_id
       left join messages m on m.id = v.last_message_id where v.organization_id = $1 order by 1`,
  ),
});
const factsOf = async () =>
  (
    await rowsOf<{ type: string; change: string | null }>(
      `select type, payload ->> 'change' as change from private.facts where organization_id = $1 order by id`,
    )
  ).map(({ type, change }) => change ?? type);

describe('a change', () => {
  it('is done to its message, told of, and is no message of its own', async () => {
    await inbound.storeMessages(lease, [said()]);
    await inbound.storeMessages(lease, [reaction('R1', '👍', 1), edit('E1', 'second', 2)]);
    const { messages, conversations, ...rest } = await state();
    expect(messages).toEqual([expect.objectContaining({ text: 'second', edited_at: at(2), deleted_at: null })]);
    expect(rest).toMatchObject({
      reactions: [{ author: 'peer', emoji: '👍', reacted_at: at(1) }],
      versions: [{ text: 'first' }, { text: 'second' }],
    });
    expect(conversations).toEqual([{ phone_number: OMAR, unread_count: 1, last: 'M1' }]);
    expect(await factsOf()).toEqual(['contact.created', 'message.created', 'reaction', 'edit']);
  });

  it('is done once, however often it is delivered', async () => {
    await inbound.storeMessages(lease, [said(), edit('E1', 'second', 2)]);
    const before = await state();
    await inbound.storeMessages(lease, [edit('E1', 'second', 2), edit('E1', 'second', 2)]);
    expect(await state()).toEqual(before);
  });

  it('that comes before its message waits for it', async () => {
    await inbound.storeMessages(lease, [edit('E1', 'second', 2)]);
    await inbound.storeMessages(lease, [reaction('R1', '👍', 1)]);
    expect((await state()).messages).toEqual([]);
    expect((await state()).conversations).toEqual([{ phone_number: OMAR, unread_count: 0, last: null }]);
    await inbound.storeMessages(lease, [said()]);
    expect(await state()).toMatchObject({
      messages: [{ text: 'second' }],
      reactions: [{ emoji: '👍' }],
      conversations: [{ unread_count: 1, last: 'M1' }],
    });
  });

  it.each([
    ['in the same conversation', edit('E1', 'forged', 2, { fromMe: true })],
    ['under the same id', edit('E1', 'forged', 2, { peer: { phone: EVE, lid: null } })],
    ['as a deletion', deletion('D1', 2, { peer: { phone: EVE, lid: null } })],
    ['as a deletion of the other', deletion('D1', 2, { fromMe: true })],
    ['after the time for it', edit('E1', 'too late', 21 * 60)],
  ])('that its author did not make changes nothing: %s', async (_, forged) => {
    await inbound.storeMessages(lease, [said()]);
    await inbound.storeMessages(lease, [forged]);
    expect((await state()).messages).toEqual([
      expect.objectContaining({ text: 'first', edited_at: null, deleted_at: null }),
    ]);
    expect((await state()).versions).toEqual([]);
  });

  it('leaves nothing of what was deleted, read or not, and nothing that comes later either', async () => {
    await inbound.storeMessages(lease, [said({ content: { forwards: 1 }, hasFile: true }), edit('E1', 'second', 2)]);
    await inbound.storeMessages(lease, [reaction('R1', '👍', 3)]);
    await inbound.storeMessages(lease, [deletion('D1', 4)]);
    await inbound.storeMessages(lease, [edit('E2', 'third', 5), reaction('R2', '❤️', 6)]);
    expect(await state()).toMatchObject({
      messages: [
        { text: null, content: null, forgotten: true, media_state: 'none', edited_at: null, deleted_at: at(4) },
      ],
      reactions: [],
      versions: [],
      edits: [{ text: null }, { text: null }],
    });
  });

  it('of somebody who is known under two addresses waits until they are known to be one person', async () => {
    await inbound.storeMessages(lease, [said(), edit('E1', 'second', 2, { peer: { phone: null, lid: '77' } })]);
    await inbound.storeMessages(lease, [
      reaction('R1', '👍', 3, { peer: { phone: null, lid: '77' } }),
      said({ whatsappMessageId: 'M2', peer: { phone: null, lid: '77' } }),
      reaction('R2', '❤️', 3, { target: { whatsappMessageId: 'M2', direction: 'inbound' } }),
    ]);
    expect((await state()).messages[0]).toMatchObject({ text: 'first' });
    await inbound.identify(lease, [{ phone: OMAR, lid: '77' }]);
    expect((await state()).messages[0]).toMatchObject({ text: 'second' });
    expect((await state()).reactions).toMatchObject([{ emoji: '👍' }, { emoji: '❤️' }]);
  });

  it('of our own phone is ours', async () => {
    await inbound.storeMessages(lease, [said(), reaction('R1', '👍', 1), reaction('R2', '❤️', 2, { fromMe: true })]);
    expect((await state()).reactions).toMatchObject([{ author: 'peer' }, { author: 'self', emoji: '❤️' }]);
  });
});

it.each([
  ['3EB0AA', '3EB0BB'],
  ['3EB0BB', '3EB0AA'],
])('of ours that left in one second the last counts, whatever their ids: %s, %s', async (...changes) => {
  await inbound.storeMessages(lease, [said()]);
  for (const [n, id] of changes.entries()) {
    await admin.query(
      `insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id, sent_at,
                             target_whatsapp_message_id, target_direction, trigger)
       select organization_id, $1, session_id, conversation_id, 'outbound', 'reaction', $2, 'queued', $3, $4, whatsapp_message_id, direction, 'dashboard'
         from messages where organization_id = $5 and whatsapp_message_id = 'M1'`,
      [newId(), n === 0 ? '👍' : '', id, at(1), lease.organization],
    );
    await admin.query(`update messages set status = 'sent' where organization_id = $1 and whatsapp_message_id = $2`, [
      lease.organization,
      id,
    ]);
    expect((await state()).reactions).toHaveLength(n === 0 ? 1 : 0);
  }
});

describe('a vote', () => {
  const secret = randomBytes(32);
  const options = ['Monday', 'Tuesday', 'Wednesday'];
  const jid = (phone: string) => `${phone.slice(1)}@s.whatsapp.net`;
  const poll = (over: Over = {}) =>
    said({
      type: 'poll',
      content: { poll: { name: 'When?', options, selectable_count: 0 } },
      payload: proto.Message.encode({ messageContextInfo: { messageSecret: secret } }).finish(),
      ...over,
    });
  /** As WhatsApp's apps seal it: the opposite of Baileys' decryptPollVote. */
  function vote(id: string, chosen: string[], seconds: number, voter = OMAR): IncomingMessage {
    const hmac = (key: Uint8Array, data: Uint8Array) => createHmac('sha256', key).update(data).digest();
    const sign = Buffer.concat([Buffer.from(`M1${jid(OMAR)}${jid(voter)}Poll Vote`), Buffer.from([1])]);
    const key = hmac(hmac(Buffer.alloc(32), secret), sign);
    const encIv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, encIv).setAAD(Buffer.from(`M1\0${jid(voter)}`));
    const selectedOptions = chosen.map((one) => createHash('sha256').update(one).digest());
    const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
    const encPayload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const payload = proto.Message.encode({ pollUpdateMessage: { vote: { encPayload, encIv } } }).finish();
    return about('poll_vote', id, { sentAt: at(seconds), payload });
  }

  it('is opened with the secret of its poll, and the last one counts', async () => {
    await inbound.storeMessages(lease, [poll(), vote('V1', ['Monday'], 1)]);
    expect((await state()).votes).toEqual([{ author: 'peer', options: [0] }]);
    await inbound.storeMessages(lease, [vote('V2', ['Wednesday', 'Tuesday'], 2)]);
    expect((await state()).votes).toEqual([{ author: 'peer', options: [1, 2] }]);
    await inbound.storeMessages(lease, [vote('V3', [], 3)]);
    expect((await state()).votes).toEqual([]);
  });

  it('that comes before its poll is opened when that comes', async () => {
    await inbound.storeMessages(lease, [vote('V1', ['Tuesday'], 1)]);
    await inbound.storeMessages(lease, [poll()]);
    expect((await state()).votes).toEqual([{ author: 'peer', options: [1] }]);
  });

  it('that is sealed for somebody else is no vote', async () => {
    await inbound.storeMessages(lease, [poll(), vote('V1', ['Monday'], 1, EVE)]);
    expect((await state()).votes).toEqual([]);
  });
});

describe('the order in which changes come', () => {
  const emoji = fc.constantFrom('', '👍', '❤️', '😂');
  const seconds = fc.integer({ min: 1, max: 1_300 });
  const edits = fc.record({
    kind: fc.constant('edit' as const),
    text: fc.constantFrom('a', 'b', 'c', 'd'),
    seconds,
    fromMe: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  });
  const reactions = fc.record({ kind: fc.constant('reaction' as const), text: emoji, seconds, fromMe: fc.boolean() });
  const world = fc.record({
    changes: fc.array(fc.oneof(edits, reactions), { minLength: 3, maxLength: 8 }),
    // Rarely: it hides what the others did.
    deletedAt: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: seconds }),
    seed: fc.infiniteStream(fc.nat(1_000)),
  });

  it('makes no difference, nor how many come at once', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ changes, deletedAt, seed }) => {
        const all = [
          said(),
          ...changes.map(({ kind, text, seconds: when, fromMe }, n) =>
            kind === 'edit' ? edit(`E${n}`, text, when, { fromMe }) : reaction(`R${n}`, text, when, { fromMe }),
          ),
          ...(deletedAt === null ? [] : [deletion('D1', deletedAt)]),
        ];
        await newNumber();
        await inbound.storeMessages(lease, all);
        const asTheyWereSent = await state();
        await newNumber();
        const shuffled = all.map((one) => [seed.next().value ?? 0, one] as const).toSorted(([a], [b]) => a - b);
        for (let n = 0; n < shuffled.length;) {
          const size = 1 + ((seed.next().value ?? 0) % 3);
          await inbound.storeMessages(
            lease,
            shuffled.slice(n, n + size).map(([, one]) => one),
          );
          n += size;
        }
        expect(await state()).toEqual(asTheyWereSent);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

it('costs what it concerns, also before the database has looked at what was imported', async () => {
  const MANY = 500;
  const fresh = await openDatabase();
  try {
    const of = await anOrganization(fresh.admin);
    const number = leaseOf({ organization: of, session: await aSession(fresh.admin, of, { phone_number: SELF }) });
    const pool = fresh.pool('app_tenant', 1);
    const store = new InboundRepository(new TenantDb(pool), new ContactsRepository(), new Facts());
    const history = Array.from({ length: MANY }, (_, n) =>
      from(OMAR, { whatsappMessageId: `M${n}`, text: `said ${n}` }),
    );
    await store.storeMessages(number, history);
    await store.storeMessages(number, [reaction('R1', '👍', 1), edit('E1', 'second', 2)]);
    const { rows } = await fresh.admin.query<{ read: string }>(
      `with done as materialized (
         select private.settle_messages(organization_id, array[id]) from messages where organization_id = $1 and whatsapp_message_id = 'M1'
       )
       select seq_tup_read + idx_tup_fetch as read from done, pg_stat_xact_user_tables where relname = 'messages'`,
      [of],
    );
    expect(Number(rows[0]?.read)).toBeGreaterThan(0);
    expect(Number(rows[0]?.read)).toBeLessThan(20 * MANY);
  } finally {
    await fresh.close();
  }
});
