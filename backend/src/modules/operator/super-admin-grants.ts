import type { SystemDb, SystemSql } from '../../platform/database/system-db.ts';
import { type OperatorCaller, OperatorTrail } from './operator-trail.ts';

/** Somebody with an account. `since`: when he was made a super_admin, in a list of those. */
export type Account = Readonly<{ id: string; email: string; name: string; since: Date }>;

/** What was asked for cannot be done, and what to do instead. */
export class GrantRefused extends Error {}

/**
 * Who has an account here: seen by the API already, or signed up with the embedded issuer, whose address is the newer one.
 * People of Supabase are known from the first time that they sign in.
 */
const FIND = `select distinct on (id) id, email, name, created_at as since from (
    select id, email, name, created_at, 1 as rank from private.auth_users
    union all select id, email, name, created_at, 2 from users) account
  where lower(email) = lower($1) or id::text = lower($1) order by id, rank`;

/** At the server itself, where no request is behind it. */
const AT_THE_SERVER: OperatorCaller = {
  actor: { type: 'system', id: null, name: 'npm run admin' },
  address: null,
};

/** Makes and unmakes super_admins: what `npm run admin` does. Nobody can do it by the API. */
export class SuperAdminGrants {
  private readonly trail = new OperatorTrail();

  constructor(private readonly system: SystemDb) {}

  /** @param who an address, or an id where two have the same one @returns whether he is one only now @throws GrantRefused */
  grant(who: string): Promise<{ account: Account; changed: boolean }> {
    return this.system.transaction(async (sql) => {
      const { rows } = await sql.query<Account>(FIND, [who.trim()]);
      const account = onlyOne(rows, who);
      if (!account)
        throw new GrantRefused(
          `Nobody has an account as ${who}. Have him sign up and sign in once, then do this again; mind how the address is spelt.`,
        );
      await sql.query('insert into users (id, email, name) values ($1, $2, $3) on conflict (id) do nothing', [
        account.id,
        account.email,
        account.name,
      ]);
      const { rowCount } = await sql.query(
        'insert into private.super_admins (user_id) values ($1) on conflict (user_id) do nothing',
        [account.id],
      );
      const changed = (rowCount ?? 0) > 0;
      if (changed) await this.tell(sql, 'super_admin.granted', account);
      return { account, changed };
    });
  }

  /** From his next request on he is none. @throws GrantRefused */
  revoke(who: string): Promise<Account> {
    return this.system.transaction(async (sql) => {
      const { rows } = await sql.query<Account>(
        `${LIST} where lower(u.email) = lower($1) or u.id::text = lower($1) order by u.id for update of s`,
        [who.trim()],
      );
      const account = onlyOne(rows, who);
      if (!account) throw new GrantRefused(`${who} is no super_admin. Those that there are: npm run admin -- list`);
      await sql.query('delete from private.super_admins where user_id = $1', [account.id]);
      await this.tell(sql, 'super_admin.revoked', account);
      return account;
    });
  }

  /** The first ones first. */
  async list(): Promise<Account[]> {
    return (await this.system.query<Account>(`${LIST} order by s.granted_at, u.id`)).rows;
  }

  private tell(
    sql: SystemSql,
    action: 'super_admin.granted' | 'super_admin.revoked',
    { id, email }: Account,
  ): Promise<void> {
    return this.trail.add(sql, AT_THE_SERVER, { action, target: { type: 'user', id, name: email } });
  }
}

const LIST = `select u.id, u.email, u.name, s.granted_at as since
  from private.super_admins s join users u on u.id = s.user_id`;

function onlyOne(accounts: readonly Account[], who: string): Account | undefined {
  if (accounts.length > 1)
    throw new GrantRefused(
      `${accounts.length} accounts have the address ${who}: name one by its id instead.\n${accounts.map(lineOf).join('\n')}`,
    );
  return accounts[0];
}

/** An account in one line. */
export const lineOf = ({ id, email, name, since }: Account): string =>
  `${id}  ${email}  ${name || '(no name)'}  since ${since.toISOString().slice(0, 10)}`;
