import { lineOf, GrantRefused, SuperAdminGrants } from './modules/operator/super-admin-grants.ts';
import { createPool } from './platform/database/pools.ts';
import { SystemDb } from './platform/database/system-db.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The program behind `npm run admin`: who runs this installation. It needs nothing but DATABASE_URL. */
async function admin([command, who = '']: readonly string[]): Promise<void> {
  const pool = createPool({ database: { url: process.env['DATABASE_URL'] ?? '', poolMax: 1 } }, 'app_system', 1);
  try {
    const grants = new SuperAdminGrants(new SystemDb(pool));
    if (command === 'list') {
      const accounts = await grants.list();
      return say(
        accounts.map(lineOf).join('\n') || 'There is no super_admin yet: npm run admin -- grant <email> makes one.',
      );
    }
    if (command === 'revoke') return say(`${(await grants.revoke(who)).email} is a super_admin no more.`);
    const { account, changed } = await grants.grant(who);
    say(`${account.email} ${changed ? 'is a super_admin now' : 'is a super_admin already'}: ${lineOf(account)}`);
  } finally {
    await pool.end();
  }
}

try {
  await admin(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof GrantRefused ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
