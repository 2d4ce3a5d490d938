import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { until } from '../../../../testing/until.ts';
import { anApiKey } from '../../testing/factories.ts';
import type { OrganizationView } from './organizations.dto.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import { type Table, tablesOf } from '../../testing/tables.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';

let api: TestApi;
let admin: Client;
let tables: Table[];

beforeAll(async () => {
  api = await startApi({ DELETION_GRACE_DAYS: '0' });
  ({ admin } = api.database);
  tables = (await tablesOf(admin)).filter(({ partition }) => !partition);
});
afterAll(() => api.close());

/** An organization with rows in every table, and an owner of it. */
async function anOwned(name: string, on = api): Promise<{ tenant: Tenant; owner: TestPerson }> {
  const tenant = await aTenant(on.database.admin, name);
  await on.database.admin.query('delete from private.organization_deletions where organization_id = $1', [
    tenant.organization,
  ]);
  return { tenant, owner: await on.hire({ organization: tenant.organization }, 'owner') };
}
const remove = (owner: TestPerson, name: string) => owner.call('POST', '/organizations/current/deletion', { name });

/** How many rows an organization has, by table, where it has any. */
async function rowsOf({ organization }: Tenant): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, tenantKey } of tables.filter((table) => table.tenantKey !== null)) {
    const { rows } = await admin.query<{ n: number }>(
      `select count(*)::int as n from ${name} where ${tenantKey} = $1`,
      [organization],
    );
    if (rows[0]?.n) counts[name] = rows[0].n;
  }
  return counts;
}
/** As if it had been asked for this long ago: the database keeps its own time. */
const age = ({ organization }: Tenant, by: string) =>
  admin.query(
    `update private.organization_deletions set requested_at = requested_at - $2::interval, due_at = due_at - $2::interval,
            ended_at = ended_at - $2::interval where organization_id = $1`,
    [organization, by],
  );
const ended = ({ organization }: Tenant) =>
  until('its members to be out', async () => {
    const { rowCount } = await admin.query(
      'select from private.organization_deletions where organization_id = $1 and ended_at is not null',
      [organization],
    );
    return rowCount === 1;
  });
const unlinked = ({ organization }: Tenant) =>
  admin.query(`update sessions set deleted_at = now() where organization_id = $1`, [organization]);
const completed = ({ organization }: Tenant) =>
  until('the organization to be gone', async () => {
    const { rowCount } = await admin.query(
      'select from private.organization_deletions where organization_id = $1 and completed_at is not null',
      [organization],
    );
    return rowCount === 1;
  });

describe('an organization whose grace time is over', () => {
  it('ends, and is gone without a trace when its numbers are unlinked; another stays as it is', async () => {
    const { tenant, owner } = await anOwned('Acme');
    const other = await anOwned('Other');
    const before = await rowsOf(other.tenant);
    const key = await anApiKey(admin, tenant.organization, ['read']);
    const colleague = await api.hire({ organization: tenant.organization }, 'agent');
    const file = join(api.files, tenant.organization, 'ab', 'cd'.repeat(32));
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, 'a letter');

    expect((await remove(owner, ' Acme ')).status).toBe(204);
    await ended(tenant);
    for (const person of [owner, colleague])
      expect((await person.call('GET', '/sessions')).body).toMatchObject({
        status: 404,
        code: 'organization_not_found',
      });
    const withKey = await fetch(`${api.url}/api/sessions`, { headers: { authorization: `Bearer ${key.token}` } });
    expect(withKey.status).toBe(401);
    const { rows: sessions } = await admin.query(
      'select intent, intent_version <> settled_version as open from sessions where organization_id = $1',
      [tenant.organization],
    );
    expect(sessions).toEqual([{ intent: 'delete', open: true }]);
    expect(Object.keys(await rowsOf(tenant))).toEqual(
      expect.arrayContaining(['public.messages', 'private.audit_logs']),
    );
    expect(Object.keys(await rowsOf(tenant))).not.toContain('private.outbox');

    await unlinked(tenant);
    await age(tenant, '1 minute');
    await completed(tenant);
    expect(await rowsOf(tenant)).toEqual({ 'private.organization_deletions': 1 });
    expect(existsSync(join(api.files, tenant.organization))).toBe(false);
    expect(await rowsOf(other.tenant)).toEqual(before);
    const { rows: kept } = await admin.query(
      'select name, requested_by, host(address) as address from private.organization_deletions where organization_id = $1',
      [tenant.organization],
    );
    expect(kept).toEqual([{ name: 'Acme', requested_by: owner.email, address: '127.0.0.1' }]);
  });

  it('waits for its numbers, and lets those go that no node unlinks', async () => {
    const { tenant, owner } = await anOwned('Slow');
    await remove(owner, 'Slow');
    await ended(tenant);
    await age(tenant, '4 minutes');
    // Another, which is asked for later and need not wait, shows that this one was looked at and left.
    const quick = await anOwned('Quick');
    await remove(quick.owner, 'Quick');
    await ended(quick.tenant);
    await unlinked(quick.tenant);
    await age(quick.tenant, '1 minute');
    await completed(quick.tenant);
    expect((await rowsOf(tenant))['public.sessions']).toBe(1);
    await age(tenant, '2 minutes');
    await completed(tenant);
    expect(Object.keys(await rowsOf(tenant))).toEqual(['private.organization_deletions']);
  });

  it('has what was added to it meanwhile taken away, too', async () => {
    const { tenant, owner } = await anOwned('Late');
    await remove(owner, 'Late');
    await ended(tenant);
    await admin.query(`update sessions set intent = 'connect' where organization_id = $1`, [tenant.organization]);
    await until('the number to be asked again', async () => {
      const { rowCount } = await admin.query(`select from sessions where organization_id = $1 and intent = 'delete'`, [
        tenant.organization,
      ]);
      return rowCount === 1;
    });
    expect((await rowsOf(tenant))['public.sessions']).toBe(1); // until it is unlinked
  });
});

describe('an organization that its owner deletes', () => {
  it('stays when the name is another, and for everybody who does not own it', async () => {
    const { tenant, owner } = await anOwned('Kept');
    const refused = await remove(owner, 'kept');
    expect(refused.body).toMatchObject({ status: 422, code: 'organization_name_mismatch' });
    const admins = await api.hire({ organization: tenant.organization }, 'admin');
    expect((await remove(admins, 'Kept')).body).toMatchObject({ status: 403, code: 'not_permitted' });
    expect((await owner.call('GET', '/organizations/current')).status).toBe(200);
    const { rowCount } = await admin.query('select from private.organization_deletions where organization_id = $1', [
      tenant.organization,
    ]);
    expect(rowCount).toBe(0);
  });

  it('is deleted once by two who ask at the same time', async () => {
    const { tenant, owner } = await anOwned('Twice');
    const both = await Promise.all([remove(owner, 'Twice'), remove(owner, 'Twice')]);
    expect(both.map(({ status }) => status)).toEqual([204, 204]);
    const { rowCount } = await admin.query(
      `select from private.audit_logs where organization_id = $1 and action = 'organization.deletion_requested'`,
      [tenant.organization],
    );
    expect(rowCount).toBe(1);
  });
});

describe('an organization within its grace time', () => {
  let patient: TestApi;
  beforeAll(async () => {
    patient = await startApi();
  });
  afterAll(() => patient.close());

  it('is looked at and taken along, and nothing else; then an owner takes it back, and it goes on', async () => {
    const { tenant, owner } = await anOwned('Waits', patient);
    const agent = await patient.hire({ organization: tenant.organization }, 'agent');
    const key = await anApiKey(patient.database.admin, tenant.organization, ['read']);
    const send = () => agent.call('POST', '/messages/send', { type: 'text', to: '+972501234567', text: 'Hello' });
    const back = () => owner.call('DELETE', '/organizations/current/deletion');
    const view = async () => (await owner.call<OrganizationView>('GET', '/organizations/current')).body.deletion;
    expect((await back()).body).toMatchObject({ status: 409, code: 'not_deleted' });

    expect((await remove(owner, 'Waits')).status).toBe(204);
    expect((await remove(owner, 'Waits')).status).toBe(204);
    const deletion = await view();
    const days = (Date.parse(deletion?.due_at ?? '') - Date.parse(deletion?.requested_at ?? '')) / 86_400_000;
    expect([deletion?.requested_by, Math.round(days)]).toEqual([owner.email, 7]);
    expect((await agent.call('GET', '/conversations')).status).toBe(200);
    expect((await owner.call('POST', '/organizations/current/exports', {})).status).toBe(201);
    expect((await send()).body).toMatchObject({ status: 403, code: 'organization_deleted' });
    expect((await owner.call('PATCH', '/organizations/current', { name: 'Other' })).body).toMatchObject({
      code: 'organization_deleted',
    });
    const asked = await fetch(`${patient.url}/api/sessions`, { headers: { authorization: `Bearer ${key.token}` } });
    expect(asked.status).toBe(401);
    const { rows } = await patient.database.admin.query(
      `select intent, (select count(*)::int from private.outbox o where o.organization_id = $1) as queued,
              (select count(*)::int from messages m where m.organization_id = $1 and m.status = 'queued') as waiting
         from sessions where organization_id = $1`,
      [tenant.organization],
    );
    expect(rows).toEqual([{ intent: 'log_out', queued: 0, waiting: 0 }]);

    expect((await agent.call('DELETE', '/organizations/current/deletion')).body).toMatchObject({
      code: 'not_permitted',
    });
    expect((await back()).status).toBe(204);
    expect(await view()).toBeNull();
    expect((await owner.call('PATCH', '/organizations/current', { name: 'Stays' })).status).toBe(200);
  });
});
