import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { attempt } from '../../testing/attempt.ts';
import { anOrganization } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';

let database: OpenDatabase;
let admin: Client;
let login: Client;
let tenant: Tenant;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  login = await database.logIn();
  tenant = await aTenant(admin);
});
afterAll(() => database.close());

describe('the audit log', () => {
  it.each([
    `update private.audit_logs set action = 'session.updated'`,
    'delete from private.audit_logs',
    'truncate private.audit_logs',
    'truncate organizations cascade',
  ])('is not changed by anybody, its owner and a superuser included: %s', async (sql) => {
    const organization = tenant.organization;
    for (const role of ['app_tenant', 'app_system', 'none'] as const)
      expect({ [role]: await attempt(login, { role, organization }, { sql }) }).toEqual({ [role]: 'not granted' });
    expect(await attempt(admin, { role: 'none' }, { sql })).toBe('not granted');
  });

  it('takes entries from the API, and refuses those of nobody or of an unknown kind', async () => {
    const insert = (actorType: string, actor: string | null) => ({
      sql: `insert into private.audit_logs (organization_id, id, actor_type, actor_id, actor_name, action, target_type, target_id)
            values ($1, gen_random_uuid(), $2, $3, 'x', 'session.updated', 'session', $1)`,
      values: [tenant.organization, actorType, actor],
    });
    const standing = { role: 'app_tenant', organization: tenant.organization } as const;
    expect(await attempt(login, standing, insert('user', tenant.user))).toBe(1);
    expect(await attempt(login, standing, insert('system', null))).toBe(1);
    for (const [type, actor] of [
      ['user', null],
      ['system', tenant.user],
      ['robot', tenant.user],
    ] as const)
      expect(await attempt(login, standing, insert(type, actor))).toBe('error 23514');
  });

  it('goes with its organization', async () => {
    const organization = await anOrganization(admin, 'Short-lived');
    await admin.query(
      `insert into private.audit_logs (organization_id, id, actor_type, actor_name, action, target_type, target_id)
       values ($1, $1, 'system', 'Wasel', 'session.updated', 'session', $1)`,
      [organization],
    );
    await admin.query('delete from organizations where id = $1', [organization]);
    const { rowCount } = await admin.query('select from private.audit_logs where organization_id = $1', [organization]);
    expect(rowCount).toBe(0);
  });
});
