import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { AuditPage } from './audit.dto.ts';

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;
let session: string;

beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  session = await aSession(admin, OrganizationId.parse(dana.organization), { name: 'Front desk' });
});
afterAll(() => api.close());

const list = async (query = '', by = dana) => (await by.call<AuditPage>('GET', `/audit-logs${query}`)).body;
const rename = (name: string, headers: Record<string, string> = {}) =>
  dana.call('PATCH', `/sessions/${session}`, { name }, headers);

/** Writes entries of nobody in particular, `from` minutes ago and older, several of them at the same time. */
const manyEntries = (count: number, action = 'session.status_changed', organization = dana.organization) =>
  admin.query(
    `insert into private.audit_logs (organization_id, id, actor_type, actor_name, action, target_type, target_id, time)
     select $1, gen_random_uuid(), 'system', '=Wasel', $3, 'session', $1, now() - (n / 3) * interval '1 minute'
       from generate_series(1, $2::int) n`,
    [organization, count, action],
  );

/** What `GET /api/audit-logs/export` answers, line by line. */
async function exported(query = '', by = dana) {
  const response = await by.request('GET', `/audit-logs/export${query}`);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, lines: text.split('\r\n').slice(1, -1) };
}

describe('an entry', () => {
  it('says who did what to what, when, from where, and what became of it', async () => {
    await rename('Shop');
    const [entry] = (await list()).items;
    const { body: me } = await dana.call('GET', '/me');
    expect(entry).toEqual({
      id: expect.any(String),
      time: expect.any(String),
      actor: { type: 'user', id: me['id'], name: dana.email },
      action: 'session.updated',
      target: { type: 'session', id: session },
      changes: { name: { from: 'Front desk', to: 'Shop' } },
      address: '127.0.0.1',
    });
    expect(Math.abs(Date.now() - Date.parse(entry?.time ?? ''))).toBeLessThan(60_000);
  });

  it('has the address that a proxy of ours saw, and none where that is no address', async () => {
    for (const [forwarded, address] of [
      ['203.0.113.7', '203.0.113.7'],
      ['2001:db8::1', '2001:db8::1'],
      ["nobody'; drop table users", null],
    ] as const) {
      expect((await rename(`Seen from ${address}`, { 'x-forwarded-for': forwarded })).status).toBe(200);
      expect((await list()).items[0]).toMatchObject({ address });
    }
  });

  it('is left by no change that was refused', async () => {
    const before = (await list()).items[0]?.id;
    expect((await rename('')).status).toBe(422);
    expect((await dana.call('PATCH', `/sessions/${newId()}`, { name: 'x' })).status).toBe(404);
    expect((await dana.call('POST', `/messages/${newId()}/cancel`)).status).toBe(404);
    expect((await list()).items[0]?.id).toBe(before);
  });

  it('of another organization is not there, in the list and in an export', async () => {
    await rename('Only ours');
    expect((await list('', omar)).items.map(({ action }) => action)).toEqual(['organization.created']);
    expect((await exported('', omar)).text).not.toContain(session);
    expect((await list(`?target_id=${session}`, omar)).items).toEqual([]);
  });
});

describe('the audit log', () => {
  it('is for owners and admins', async () => {
    for (const [role, status] of [
      ['admin', 200],
      ['agent', 403],
      ['viewer', 403],
    ] as const) {
      const member = await api.hire(dana, role);
      for (const path of ['/audit-logs', '/audit-logs?limit=1'])
        expect({ role, status: (await member.call('GET', path)).status }).toEqual({ role, status });
      expect({ role, status: (await exported('', member)).status }).toEqual({ role, status });
    }
  });

  it('is found by actor, action, target and time', async () => {
    await rename('Before');
    const { body: me } = await dana.call<{ id: string }>('GET', '/me');
    const admin2 = await api.hire(dana, 'admin', 'Adi');
    await admin2.call('PATCH', '/organizations/current', { name: 'Acme Ltd' });
    const [renamed] = (await list('?action=organization.updated')).items;
    expect(renamed).toMatchObject({
      actor: { name: admin2.email },
      changes: { name: { from: 'Acme', to: 'Acme Ltd' } },
    });
    const actions = async (query: string) => [...new Set((await list(query)).items.map(({ action }) => action))];
    expect(await actions(`?actor_id=${renamed?.actor.id}`)).toEqual(['organization.updated']);
    expect(await actions(`?actor_id=${me.id}&target_type=organization&actor_type=user`)).not.toContain(
      'organization.updated',
    );
    expect(await actions(`?target_id=${session}`)).toEqual(['session.updated']);
    expect(await actions(`?target_type=message`)).toEqual([]);
    const at = renamed?.time ?? '';
    expect(await actions(`?since=${at}`)).toEqual(['organization.updated']);
    expect(await actions(`?until=${at}`)).not.toContain('organization.updated');
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?cursor=garbage', 'cursor'],
    ['?action=session.exploded', 'action'],
    ['?actor_id=dana', 'actor_id'],
    ['?target_type=planet', 'target_type'],
    ['?since=yesterday', 'since'],
  ])('refuses %s by field', async (query, field) => {
    expect(await dana.call('GET', `/audit-logs${query}`)).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', errors: [{ pointer: `#/${field}` }] },
    });
  });

  it('has pages that are complete and repeat nothing, while new entries are written', async () => {
    await manyEntries(10);
    const { rows } = await admin.query<{ id: string }>(
      'select id from private.audit_logs where organization_id = $1 order by time desc, id desc',
      [dana.organization],
    );
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: AuditPage = await list(`?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
      await rename(`Renamed ${seen.length}`);
    }
    expect(seen).toEqual(rows.map(({ id }) => id));
  });

  it("goes on from no other organization's cursor", async () => {
    await manyEntries(3, 'session.updated', omar.organization);
    const { next_cursor: theirs } = await list('?limit=1', omar);
    expect(await dana.call('GET', `/audit-logs?cursor=${theirs}`)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/cursor' }] },
    });
  });
});

describe('an export', () => {
  it('is the whole list as CSV, whatever its length, with the export itself on top', async () => {
    await manyEntries(1_203);
    const { status, headers, text, lines } = await exported();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit-log.csv"');
    expect(text).toMatch(/^time,actor_type,actor_id,actor,action,target_type,target_id,changes,address\r\n/);
    const { rows } = await admin.query(
      `select to_char(time at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as time, action from private.audit_logs
        where organization_id = $1 order by time desc, id desc`,
      [dana.organization],
    );
    expect(rows.length).toBeGreaterThan(1_203);
    expect(lines.map((line) => line.slice(0, 24))).toEqual(rows.map(({ time }) => time));
    expect(lines[0]).toContain('audit_log.exported');
  });

  it('has what was asked for only, says in the log what that was, and gives a spreadsheet nothing to run', async () => {
    const { lines } = await exported('?action=session.status_changed&until=2999-01-01T00:00:00Z');
    expect(lines.every((line) => line.includes(`,system,,'=Wasel,session.status_changed,`))).toBe(true);
    expect((await list('?action=audit_log.exported')).items[0]).toMatchObject({
      actor: { name: dana.email },
      target: { type: 'organization', id: dana.organization },
      changes: { action: { to: 'session.status_changed' }, until: { to: '2999-01-01T00:00:00Z' } },
    });
  });

  it('that is asked for wrongly is a problem, and leaves no entry', async () => {
    const before = (await list('?action=audit_log.exported')).items.length;
    const { status, headers } = await exported('?since=yesterday');
    expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8']);
    expect((await list('?action=audit_log.exported')).items.length).toBe(before);
  });
});
