import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { aTemplate } from '../../testing/sending-factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { JobView } from '../jobs/jobs.dto.ts';
import type { MessagePage } from '../messages/messages.dto.ts';
import type { ImportReport, ImportView } from './imports.dto.ts';

let api: TestApi;
let dana: TestPerson;
let omar: TestPerson;
let organization: OrganizationId;
beforeAll(async () => {
  api = await startApi({ LOG_LEVEL: 'silent' });
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  organization = OrganizationId.parse(dana.organization);
  await aSession(api.database.admin, organization, { is_default: true });
});
afterAll(() => api.close());

const upload = (content: string | Uint8Array, by = dana) => {
  const form = new FormData();
  form.append('file', new Blob([typeof content === 'string' ? content : Uint8Array.from(content)]), 'people.csv');
  return by.call<ImportView & { code: string }>('POST', '/imports', form);
};
const map = (id: string, mapping: object, by = dana) =>
  by.call<ImportReport & { code: string }>('PUT', `/imports/${id}/mapping`, mapping);
const launch = (id: string, body: object, by = dana) =>
  by.call<JobView & { code: string; good: number }>('POST', `/imports/${id}/launch`, body);
const phone = (n: number) => `+9725${String(10_000_000 + n)}`;
const people = (count: number) =>
  `phone,text\n${Array.from({ length: count }, (_, n) => `${phone(n)},message ${n}`).join('\n')}\n`;
/** In an encoding of one byte a letter. */
const inOneByte = (text: string, encoding: string): Uint8Array => {
  const decoder = new TextDecoder(encoding);
  const table = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Uint8Array.from(Array.from(text, (letter) => table.get(letter) ?? 0x3f));
};

describe('a file of people', () => {
  const hebrew = 'טלפון;שם\n050-2345678;דנה כהן\n';
  const arabic = 'هاتف\tاسم\n+972502345678\tعمر السلامي\n';
  it.each([
    ['UTF-8', Buffer.from(hebrew), 'utf-8', ';', 'דנה כהן'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${hebrew}`), 'utf-8', ';', 'דנה כהן'],
    ['UTF-16 as Excel writes it', Buffer.from(`\uFEFF${arabic}`, 'utf16le'), 'utf-16le', '\t', 'عمر السلامي'],
    ['windows-1255', inOneByte(hebrew, 'windows-1255'), 'windows-1255', ';', 'דנה כהן'],
    ['windows-1256', inOneByte(arabic, 'windows-1256'), 'windows-1256', '\t', 'عمر السلامي'],
  ])('in %s is read as it is meant', async (_, content, encoding, delimiter, name) => {
    const { status, body } = await upload(content);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        state: 'ready',
        encoding,
        delimiter,
        row_count: 1,
        preview: [{ line: 2, cells: [expect.any(String), name] }],
      },
    });
    expect(body.columns).toHaveLength(2);
  });

  it('keeps lines and commas in quotes, and counts the lines of the file', async () => {
    const { body } = await upload(`phone,text\n${phone(1)},"one,\ntwo"\n\n${phone(2)},"say ""hi"""\nbroken\n`);
    expect(body.preview).toEqual([
      { line: 2, cells: [phone(1), 'one,\ntwo'] },
      { line: expect.any(Number), cells: [phone(2), 'say "hi"'] },
      { line: 6, cells: ['broken'] },
    ]);
  });

  it.each([
    ['a quote that nobody closes', 'phone,text\n"+972', 'import_unreadable'],
    ['a line of names alone', 'phone,text\n', 'import_empty'],
    ['nothing', '', 'import_empty'],
    ['a row too many', people(10_001), 'import_too_large'],
  ])('with %s is refused by name, and nothing is left of it', async (_, content, code) => {
    const before = await countOf('private.import_rows');
    expect((await upload(content)).body).toMatchObject({ code });
    expect(await countOf('private.import_rows')).toBe(before);
    expect(await countOf(`private.imports where state = 'reading'`)).toBe(0);
  });

  it('is no longer read than it may be', async () => {
    expect((await upload('a'.repeat(21 * 1024 * 1024))).body).toMatchObject({ code: 'import_too_large' });
  }, 30_000);

  it('says which rows would be sent to, and which not and why', async () => {
    const { body } = await upload(
      `phone,name\n0502345678,Dana\n${phone(1)},Omar\n0502345678,Twin\n12,Bad\n${phone(2)},\n`,
    );
    const template = await aTemplate(api.database.admin, organization, { body: 'Hello {{customer_name}}' });
    const report = await map(body.id, {
      phone_column: 0,
      country: 'IL',
      template_id: template,
      variables: { customer_name: 1 },
    });
    expect(report.body).toEqual({
      good: 2,
      bad: 2,
      duplicates: 1,
      bad_rows: [
        { line: 4, fault: 'duplicate', detail: '2' },
        { line: 5, fault: 'phone_invalid', detail: '12' },
        { line: 6, fault: 'variables_missing', detail: 'customer_name' },
      ],
      sample: { to: '+972502345678', text: 'Hello Dana' },
    });
    const file = await dana.request('GET', `/imports/${body.id}/bad-rows`);
    expect((await file.text()).split('\r\n')).toEqual([
      'line,fault,detail,phone,name',
      '4,duplicate,2,0502345678,Twin',
      '5,phone_invalid,12,12,Bad',
      `6,variables_missing,customer_name,'${phone(2)},`,
      '',
    ]);
    expect(await map(body.id, { phone_column: 7, text_column: 1 })).toMatchObject({ status: 422 });
  });

  it('is launched once, as it was confirmed', async () => {
    const { body: file } = await upload(people(700));
    expect(await launch(file.id, { expected: 700 })).toMatchObject({ body: { code: 'import_not_mapped' } });
    await map(file.id, { phone_column: 0, text_column: 1 });
    expect(await launch(file.id, { expected: 699 })).toMatchObject({
      status: 409,
      body: { code: 'import_changed', good: 700 },
    });
    const answers = await Promise.all(Array.from({ length: 3 }, () => launch(file.id, { expected: 700 })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
    const [{ body: job } = { body: undefined }] = answers;
    expect(job).toMatchObject({ name: 'people.csv', total: 700, counts: { queued: 700 } });
    const { items } = (await dana.call<MessagePage>('GET', `/messages?job_id=${job?.id}&limit=1`)).body;
    expect(items).toMatchObject([{ text: 'message 699', trigger: 'bulk' }]);
    expect((await dana.call('GET', `/imports/${file.id}`)).body).toMatchObject({ state: 'launched', job_id: job?.id });
  });

  it('says that it was broken off when the node that read it died', async () => {
    const { body } = await upload(people(1));
    await api.database.admin.query(
      `update private.imports set state = 'reading', updated_at = now() - interval '11 minutes' where id = $1`,
      [body.id],
    );
    await upload(people(1));
    expect((await dana.call('GET', `/imports/${body.id}`)).body).toMatchObject({
      state: 'failed',
      error_code: 'interrupted',
    });
    expect(await map(body.id, { phone_column: 0, text_column: 1 })).toMatchObject({
      body: { code: 'import_not_ready' },
    });
  });

  it('is for those who may send to many, and of another organization is not there', async () => {
    expect((await upload(people(1), await api.hire(dana, 'agent'))).status).toBe(403);
    const { body } = await upload(people(1));
    for (const answer of [
      await omar.call('GET', `/imports/${body.id}`),
      await omar.call('GET', `/imports/${body.id}/bad-rows`),
      await map(body.id, { phone_column: 0, text_column: 1 }, omar),
      await launch(body.id, { expected: 1 }, omar),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'import_not_found' } });
  });
});

async function countOf(what: string): Promise<number> {
  const { rows } = await api.database.admin.query<{ n: string }>(`select count(*) as n from ${what}`);
  return Number(rows[0]?.n);
}
