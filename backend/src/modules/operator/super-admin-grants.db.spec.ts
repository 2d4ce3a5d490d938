import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SystemDb } from '../../platform/database/system-db.ts';
import { aUser } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { GrantRefused, SuperAdminGrants } from './super-admin-grants.ts';

let database: OpenDatabase;
let grants: SuperAdminGrants;

beforeAll(async () => {
  database = await openDatabase();
  grants = new SuperAdminGrants(new SystemDb(database.pool('app_system', 2)));
});
afterAll(() => database.close());

const entries = async (target: string) =>
  (
    await database.admin.query<{ action: string; actor_type: string; target_name: string }>(
      'select action, actor_type, target_name from private.operator_audit_logs where target_id = $1 order by id',
      [target],
    )
  ).rows;
const ids = async () => (await grants.list()).map(({ id }) => id);

describe('who runs the installation', () => {
  it('is made by his address however it is spelt, once, unmade, and each leaves an entry', async () => {
    const user = await aUser(database.admin, 'Dana');
    const email = `${user}@example.com`;
    expect(await grants.grant(` ${email.toUpperCase()} `)).toMatchObject({
      changed: true,
      account: { id: user, email },
    });
    expect(await grants.grant(email)).toMatchObject({ changed: false });
    expect(await ids()).toEqual([user]);
    await grants.revoke(email);
    expect(await ids()).toEqual([]);
    expect(await entries(user)).toEqual([
      { action: 'super_admin.granted', actor_type: 'system', target_name: email },
      { action: 'super_admin.revoked', actor_type: 'system', target_name: email },
    ]);
  });

  it('may have signed up with the embedded issuer and not been seen by the API yet', async () => {
    const [id, email] = [randomUUID(), `${randomUUID()}@example.com`];
    await database.admin.query('insert into private.auth_users (id, name, email) values ($1, $2, $3)', [
      id,
      'Omar',
      email,
    ]);
    expect(await grants.grant(email)).toMatchObject({ changed: true, account: { id, name: 'Omar' } });
    await grants.revoke(id);
  });

  it('is nobody without an account, and no one of two who have the same address', async () => {
    await expect(grants.grant('nobody@example.com')).rejects.toThrow(/^Nobody has an account as nobody@example.com/);
    await expect(grants.revoke('nobody@example.com')).rejects.toThrow(/is no super_admin/);
    const [one, two] = [await aUser(database.admin), await aUser(database.admin)];
    await database.admin.query(`update users set email = 'same@example.com' where id in ($1, $2)`, [one, two]);
    await expect(grants.grant('same@example.com')).rejects.toThrow(GrantRefused);
    await expect(grants.grant('same@example.com')).rejects.toThrow(one);
    expect(await grants.grant(two)).toMatchObject({ changed: true });
    expect(await ids()).toEqual([two]);
  });
});
