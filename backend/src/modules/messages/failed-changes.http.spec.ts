import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { SessionHealth } from '../sessions/sessions.dto.ts';
import type { MessageTimeline } from './message-report.dto.ts';
import type { ChangedMessages, MessagePage, MessageView, SendAccepted } from './messages.dto.ts';

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;

beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  await aSession(admin, OrganizationId.parse(dana.organization), { is_default: true });
});
afterAll(() => api.close());

const send = async (body: object): Promise<string> => {
  const answer = await dana.call<SendAccepted>('POST', '/messages/send', body);
  expect(answer.status).toBe(202);
  return answer.body.message_id;
};
const view = async (id: string) => (await dana.call<MessageView>('GET', `/messages/${id}`)).body;
const act = (id: string, action: 'retry' | 'dismiss', by = dana) =>
  by.call<MessageView & { code?: string }>('POST', `/messages/${id}/${action}`);
const failedOf = async (id: string) => (await view(id)).failed_changes.map(({ id: change }) => change);

/** A text that WhatsApp has. */
async function sent(): Promise<string> {
  const id = await send({ type: 'text', to: '+972501234567', text: 'We open at nine' });
  await taken(id);
  return id;
}
const settled = async (id: string, values: string) => {
  await admin.query('delete from private.outbox where message_id = $1', [id]);
  await admin.query(`update messages set ${values} where id = $1`, [id]);
};
const taken = (id: string) => settled(id, `status = 'sent', sent_at = now()`);
const refused = (id: string, code = 'rejected_by_whatsapp') =>
  settled(id, `status = 'failed', failed_at = now(), error_code = '${code}'`);
const late = (id: string) =>
  settled(id, `status = 'failed', failed_at = now(), error_code = 'expired', expires_at = now()`);

describe('a change that failed', () => {
  it.each([
    ['edit', { text: 'We open at ten' }, 'We open at ten'],
    ['reaction', { emoji: '👍' }, '👍'],
    ['delete', {}, null],
  ])('stands at the message that it was to change, which is as it was: %s', async (type, content, text) => {
    const message_id = await sent();
    const change = await send({ type, message_id, ...content });
    expect(await failedOf(message_id)).toEqual([]);
    await refused(change);
    expect(await view(message_id)).toMatchObject({
      text: 'We open at nine',
      edited_at: null,
      deleted_at: null,
      reactions: [],
      failed_changes: [{ id: change, type, text, error_code: 'rejected_by_whatsapp', retryable: true }],
    });
    const { items } = (await dana.call<MessagePage>('GET', '/messages?limit=1')).body;
    expect(items[0]).toMatchObject({ id: message_id, failed_changes: [{ id: change }] });
    const timeline = (await dana.call<MessageTimeline>('GET', `/messages/${message_id}/timeline`)).body;
    expect(timeline.items.at(-1)).toMatchObject({
      step: 'change_failed',
      change: type,
      error: { code: 'rejected_by_whatsapp', detail: expect.any(String) },
    });
  });

  it('is sent again, and stands there no more', async () => {
    const message_id = await sent();
    const change = await send({ type: 'edit', message_id, text: 'We open at ten' });
    await refused(change);
    expect(await act(change, 'retry')).toMatchObject({ status: 200, body: { id: change, status: 'queued' } });
    expect(await failedOf(message_id)).toEqual([]);
  });

  it('can only be let be when WhatsApp does not take it any more', async () => {
    const message_id = await sent();
    const change = await send({ type: 'edit', message_id, text: 'We open at ten' });
    await late(change);
    expect((await view(message_id)).failed_changes).toMatchObject([{ error_code: 'expired', retryable: false }]);
    expect(await act(change, 'retry')).toMatchObject({ status: 409, body: { code: 'message_not_retryable' } });
    expect(await act(change, 'dismiss')).toMatchObject({ status: 200, body: { id: change, status: 'failed' } });
    expect(await failedOf(message_id)).toEqual([]);
  });

  it('that was let be is so for all, for good, and once', async () => {
    const message_id = await sent();
    const change = await send({ type: 'reaction', message_id, emoji: '👍' });
    await refused(change);
    const { session_id: session } = await view(change);
    const health = async () => (await dana.call<SessionHealth>('GET', `/sessions/${session}/health`)).body.failed;
    const before = await health();
    expect((await act(change, 'dismiss')).body.dismissed_at).toEqual(expect.any(String));
    expect(await health()).toBe(before - 1);
    const toldOf = await admin.query(
      `select payload ->> 'conversation_id' as chat from private.facts where subject = $1 and type = 'message.status'`,
      [change],
    );
    expect(toldOf.rows).toEqual([{ chat: (await view(message_id)).conversation_id }]);
    expect(await act(change, 'dismiss')).toMatchObject({ status: 409, body: { code: 'message_not_dismissable' } });
    expect((await act(change, 'retry')).status).toBe(409);
    await dana.call<ChangedMessages>('POST', '/messages/retry-all', {});
    expect((await view(change)).status).toBe('failed');
    const { items } = (await dana.call<AuditPage>('GET', '/audit-logs?action=message.dismissed&limit=1')).body;
    expect(items).toMatchObject([{ actor: { type: 'user' }, target: { type: 'message', id: change } }]);
  });

  it('gives way to the next one of its kind, and is not sent after it', async () => {
    const message_id = await sent();
    const [first, other] = [
      await send({ type: 'reaction', message_id, emoji: '👍' }),
      await send({ type: 'edit', message_id, text: 'We open at ten' }),
    ];
    await refused(first);
    await refused(other);
    const second = await send({ type: 'reaction', message_id, emoji: '❤️' });
    expect(await failedOf(message_id)).toEqual([other]);
    expect((await act(first, 'retry')).status).toBe(409);
    await refused(second);
    expect((await failedOf(message_id)).toSorted()).toEqual([other, second].toSorted());
  });

  it('is nothing to a message that is deleted by now', async () => {
    const message_id = await sent();
    const edit = await send({ type: 'edit', message_id, text: 'We open at ten' });
    await refused(edit);
    await taken(await send({ type: 'delete', message_id }));
    expect(await view(message_id)).toMatchObject({ deleted_at: expect.any(String), failed_changes: [] });
  });

  it('is none of a message that failed itself, or of another organization', async () => {
    const message_id = await sent();
    expect(await act(message_id, 'dismiss')).toMatchObject({ status: 409, body: { code: 'message_not_dismissable' } });
    await refused(message_id);
    expect((await act(message_id, 'dismiss')).status).toBe(409);
    const change = await sent().then((id) => send({ type: 'reaction', message_id: id, emoji: '👍' }));
    await refused(change);
    expect((await act(change, 'dismiss', omar)).status).toBe(404);
    const viewer = await api.hire(dana, 'viewer');
    expect((await act(change, 'dismiss', viewer)).status).toBe(403);
  });
});
