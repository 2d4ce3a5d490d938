import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type Entry, fromBuffer, type Options, type ZipFile } from 'yauzl';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';

let api: TestApi;
let acme: Tenant;
let owner: TestPerson;
beforeAll(async () => {
  api = await startApi();
  acme = await aTenant(api.database.admin, 'Acme');
  owner = await api.hire({ organization: acme.organization }, 'owner');
});
afterAll(() => api.close());

const ask = async (person = owner): Promise<string> => {
  const { status, body } = await person.call('POST', '/organizations/current/exports', {});
  expect(status).toBe(201);
  return api.url + (body as { url: string }).url;
};

async function upload(content: Buffer, name: string): Promise<{ id: string }> {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(content)]), name);
  const { status, body } = await owner.call<{ id: string }>('POST', '/media/upload', form);
  expect(status).toBe(201);
  return body;
}

/** The files of a ZIP, by name. */
async function unzip(content: Buffer): Promise<Map<string, Buffer>> {
  const zip = await promisify<Buffer, Options, ZipFile>(fromBuffer)(content, { autoClose: false });
  const entries: Entry[] = [];
  zip.on('entry', (entry: Entry) => entries.push(entry));
  await once(zip, 'end');
  const open = promisify<Entry, Readable>(zip.openReadStream.bind(zip));
  const read = async (entry: Entry) => [entry.fileName, await buffer(await open(entry))] as const;
  return new Map(await Promise.all(entries.map(read)));
}
const rowsIn = (files: Map<string, Buffer>, name: string): Record<string, unknown>[] =>
  (files.get(`${name}.jsonl`)?.toString() ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an export', () => {
  it('has every row that the API shows, the files, and nothing of anybody else', async () => {
    const other = await aTenant(api.database.admin, 'Other');
    const file = randomBytes(300_000);
    const uploaded = await upload(file, 'Plan Ä.BIN');

    const answer = await fetch(await ask());
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=Acme.zip');
    const files = await unzip(Buffer.from(await answer.arrayBuffer()));
    expect(files.get(`media/${uploaded.id}.bin`)?.equals(file)).toBe(true);
    for (const [name, path] of [
      ['members', '/members'],
      ['sessions', '/sessions'],
      ['conversations', '/conversations'],
    ] as const) {
      const { items } = (await owner.call('GET', path)).body as { items: unknown[] };
      expect(items.length).toBeGreaterThan(0);
      expect(rowsIn(files, name)).toEqual(items);
    }
    const { items: messages } = (await owner.call('GET', '/messages')).body as { items: { id: string }[] };
    expect(rowsIn(files, 'messages').map(({ id }) => id)).toEqual(messages.map(({ id }) => id));
    expect(rowsIn(files, 'organization')).toEqual([(await owner.call('GET', '/organizations/current')).body]);
    expect(rowsIn(files, 'audit-log')[0]).toMatchObject({ action: 'organization.exported' });
    const everything = Buffer.concat([...files.values()]).toString();
    for (const foreign of Object.values(other)) expect(everything).not.toContain(String(foreign));
  });

  it('names the files that the store has lost, and has all the others', async () => {
    const { admin } = api.database;
    const { rows } = await admin.query<{ id: string }>('select id from media where organization_id = $1', [
      acme.organization,
    ]);
    const files = await unzip(Buffer.from(await (await fetch(await ask())).arrayBuffer()));
    const there = rows.filter(({ id }) => [...files.keys()].some((name) => name.includes(id)));
    const missing = rowsIn(files, 'missing-files').map(({ id }) => id);
    expect(new Set([...there.map(({ id }) => id), ...missing])).toEqual(new Set(rows.map(({ id }) => id)));
    expect(missing.length).toBeGreaterThan(0);
  });

  it('is of as many pages as it takes, with every row once', async () => {
    const { admin } = api.database;
    await admin.query(
      `insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id)
       select organization_id, gen_random_uuid(), session_id, conversation_id, 'inbound', 'text', n || repeat(' and so on', 50), 'received', 'X' || n
         from (select * from messages where organization_id = $1 limit 1) m, generate_series(1, 1200) n`,
      [acme.organization],
    );
    const files = await unzip(Buffer.from(await (await fetch(await ask())).arrayBuffer()));
    const ids = rowsIn(files, 'messages').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(1200);
  });

  it('may be left by its reader in the middle of a file, which stops nobody else', async () => {
    await upload(randomBytes(20_000_000), 'large.bin');
    const { body } = await fetch(await ask());
    const reader = body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await unzip(Buffer.from(await (await fetch(await ask())).arrayBuffer()))).size).toBeGreaterThan(6);
  });

  it('is for owners, and its link for a while and for one organization', async () => {
    for (const role of ['admin', 'agent', 'viewer'] as const) {
      const member = await api.hire({ organization: acme.organization }, role);
      expect((await member.call('POST', '/organizations/current/exports', {})).body).toMatchObject({
        status: 403,
        code: 'not_permitted',
      });
    }
    const other = await aTenant(api.database.admin, 'Third');
    const link = await ask();
    for (const forged of [
      link.replace(acme.organization, other.organization),
      link.replace(/expires=\d+/, 'expires=99999999999'),
      link.replace(/signature=.*/, 'signature='),
    ])
      expect(await (await fetch(forged)).json()).toMatchObject({ status: 404, code: 'export_link_expired' });
  });
});
