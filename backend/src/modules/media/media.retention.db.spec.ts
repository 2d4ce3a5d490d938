import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { S3Double } from '../../../../testing/s3-double.ts';
import { OrganizationId, SessionId, UserId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { aConversation } from '../../testing/factories.ts';
import { aTemplate } from '../../testing/sending-factories.ts';
import { startApi, type TestApi, type TestNode, type TestPerson } from '../../testing/start-api.ts';
import { MediaGone, MediaStoreUnavailable } from './media.errors.ts';
import { MediaRepository } from './media.repository.ts';
import { MediaRetention } from './media.retention.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';

let double: S3Double;
let api: TestApi;
let other: TestNode;
let dana: TestPerson;
let organization: OrganizationId;
let conversation: Awaited<ReturnType<typeof aConversation>> & { session: string };

beforeAll(async () => {
  double = await new S3Double().start();
  api = await startApi(double.env);
  other = await api.anotherNode();
});
afterAll(async () => {
  await api.close();
  await double.stop();
});
beforeEach(async () => {
  double.behave();
  dana = await api.signUpOwner('Dana');
  organization = OrganizationId.parse(dana.organization);
  const session = SessionId.parse(randomUUID());
  await sql(
    `insert into sessions (organization_id, id, name, is_default, phone_number) values ($1, $2, 'Desk', true, '+972509999999')`,
    organization,
    session,
  );
  const user = UserId.parse(await dana.id());
  conversation = { ...(await aConversation(api.database.admin, { organization, session, user })), session };
  await sql('delete from private.unsettled_objects');
});

const sql = async (statement: string, ...values: unknown[]) =>
  (await api.database.admin.query<Record<string, unknown>>(statement, values)).rows;
const retention = (node: TestNode = api) => node.app.get(MediaRetention);
const objects = () => [...double.objects.keys()].filter((key) => key.startsWith(organization));

async function upload(content: string): Promise<{ id: string; key: string }> {
  const media = await api.app.get(MediaService).upload(organization, Readable.from([Buffer.from(content)]), 'a.txt');
  return { id: media.id, key: media.storageKey };
}
const age = (media: string, days: number) =>
  sql(`update media set created_at = now() - $2 * interval '1 day' where id = $1`, media, days);

/** A message with a file. */
async function message(media: string, days: number, status = 'received'): Promise<string> {
  const id = randomUUID();
  await sql(
    `insert into messages (organization_id, id, session_id, conversation_id, direction, type, status, whatsapp_message_id, media_id,
       media_state, created_at) values ($1, $2, $3, $4, 'inbound', 'document', $5, $6, $7, 'stored', now() - $8 * interval '1 day')`,
    organization,
    id,
    conversation.session,
    conversation.conversation,
    status,
    id,
    media,
    days,
  );
  return id;
}
const viewOf = async (id: string) =>
  (await dana.call<{ media_state: string; media: unknown }>('GET', `/messages/${id}`)).body;

it('ends files that are older than the plan keeps them; the message stays and says so', async () => {
  const [old, recent] = [await upload('old'), await upload('recent')];
  const said = await message(old.id, 366);
  const link = (await viewOf(said)).media as { url: string };
  await age(old.id, 366);
  await age(recent.id, 364);
  await retention().run();
  expect(objects()).toEqual([recent.key]);
  expect(await viewOf(said)).toMatchObject({ media_state: 'removed', media: null });
  expect((await fetch(api.url + link.url)).status).toBe(404);
  expect(
    (await dana.call('POST', '/messages/send', { type: 'document', to: '+972501234567', media_id: old.id })).status,
  ).toBe(404);
  expect(await sql('select * from private.unsettled_objects where organization_id = $1', organization)).toEqual([]);
});

it('keeps what a newer message shows, what has still to leave, and content that another file has', async () => {
  const [shown, queued, shared] = [await upload('shown'), await upload('queued'), await upload('shared')];
  const twin = await upload('shared');
  await message(shown.id, 1);
  await message(queued.id, 400, 'queued');
  for (const { id } of [shown, queued, shared]) await age(id, 400);
  await retention().run();
  expect(objects().toSorted()).toEqual([shown.key, queued.key, twin.key].toSorted());
  await age(twin.id, 400);
  await retention().run();
  expect(objects().toSorted()).toEqual([shown.key, queued.key].toSorted());
});

it('keeps what a template shows for as long as it does, even one that is not in use', async () => {
  const { id, key } = await upload('header');
  await age(id, 400);
  const template = await aTemplate(api.database.admin, organization, {
    header_type: 'document',
    header_media_id: id,
    active: false,
  });
  await retention().run();
  expect(objects()).toEqual([key]);
  await sql('delete from templates where id = $1', template);
  await retention().run();
  expect(objects()).toEqual([]);
});

it('of two nodes at once, each file ends once', async () => {
  for (let n = 0; n < 30; n += 1) await age((await upload(`file ${n}`)).id, 400);
  double.heard.length = 0;
  await Promise.all([retention().run(), retention(other).run()]);
  expect(objects()).toEqual([]);
  expect(double.heard.filter((what) => what.startsWith('DELETE'))).toHaveLength(30);
});

it('goes on where a node has died: the row says that it is gone, the bytes follow', async () => {
  const { id, key } = await upload('half');
  await age(id, 400);
  double.misbehave({ on: /^DELETE/, how: { status: 400, code: 'BadDigest' } });
  await retention().run();
  double.behave();
  await retention(other).run(); // the first node may still be at it
  expect(objects()).toEqual([key]);
  await sql(`update private.unsettled_objects set removing_at = removing_at - interval '6 minutes'`);
  await retention(other).run();
  expect(objects()).toEqual([]);
  await expect(api.app.get(MediaStore).open(key)).rejects.toBeInstanceOf(MediaGone);
});

it('takes away what was put and never spoken of, and keeps it while somebody may still speak of it', async () => {
  await api.app.get(MediaService).receive(organization, Readable.from([Buffer.from('orphan')]));
  expect(objects()).toHaveLength(1);
  await retention().run();
  expect(objects()).toHaveLength(1);
  await sql(`update private.unsettled_objects set touched_at = now() - interval '2 days'`);
  await retention().run();
  expect(objects()).toEqual([]);
});

it('does not take a leftover for an orphan when a file has the same content', async () => {
  const file = await upload('twice');
  await api.app.get(MediaService).receive(organization, Readable.from([Buffer.from('twice')]));
  await sql(`update private.unsettled_objects set touched_at = now() - interval '2 days'`);
  await retention().run();
  expect(objects()).toEqual([file.key]);
  expect(await sql('select * from private.unsettled_objects where organization_id = $1', organization)).toEqual([]);
});

it('lets nobody store what is being taken away, nor speak of it', async () => {
  const received = await api.app.get(MediaService).receive(organization, Readable.from([Buffer.from('contested')]));
  await sql('update private.unsettled_objects set removing_at = now() where storage_key = $1', received.storageKey);
  await expect(upload('contested')).rejects.toBeInstanceOf(MediaStoreUnavailable);
  const insert = api.app
    .get(TenantDb)
    .asTenant(organization, (tx) => api.app.get(MediaRepository).insert(tx, organization, received));
  await expect(insert).rejects.toBeInstanceOf(MediaStoreUnavailable);
  await sql('delete from private.unsettled_objects where storage_key = $1', received.storageKey);
  const { key } = await upload('contested');
  expect(await text(await api.app.get(MediaStore).open(key))).toBe('contested');
});

it('gives up after a day what the phone was asked for and did not give', async () => {
  const file = await upload('asked for');
  const [late, recent] = [await message(file.id, 1), await message(file.id, 1)];
  await sql(`update messages set media_state = 'requested', media_id = null where id in ($1, $2)`, late, recent);
  await sql(
    `insert into private.media_requests (organization_id, message_id, session_id, created_at)
     values ($1, $2, $4, now() - interval '25 hours'), ($1, $3, $4, now() - interval '23 hours')`,
    organization,
    late,
    recent,
    conversation.session,
  );
  await Promise.all([retention().run(), retention(other).run()]);
  expect([(await viewOf(late)).media_state, (await viewOf(recent)).media_state]).toEqual(['failed', 'requested']);
  expect(await sql('select type from private.facts where subject = $1', late)).toEqual([{ type: 'message.status' }]);
});
