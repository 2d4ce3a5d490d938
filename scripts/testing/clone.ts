import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_MODULES, ROOT } from '../lib/paths.ts';

/**
 * A clone of this repository with the real launcher, the real Postgres and its own state, whose three programs are
 * small ones: they listen, answer, log and end as the real ones do, and can be built in no time.
 */
export class Clone {
  readonly directory = mkdtempSync(join(tmpdir(), 'wasel-clone-'));

  constructor() {
    for (const entry of ['scripts', 'package.json', 'package-lock.json', 'tsconfig.base.json']) {
      cpSync(join(ROOT, entry), join(this.directory, entry), { recursive: true });
    }
    this.linkDependencies();
    this.write('prisma.config.ts', `export default { schema: 'prisma/schema.prisma' };\n`);
    this.write('prisma/schema.prisma', SCHEMA);
    this.write('prisma/migrations/20260101000000_letters/migration.sql', 'create table letters (id int);\n');
    for (const [workspace, program] of Object.entries({ backend: BACKEND, sandbox: SANDBOX })) {
      this.write(`${workspace}/package.json`, JSON.stringify({ type: 'module', scripts: { build: 'cp -r src dist' } }));
      this.write(`${workspace}/src/main.js`, program);
    }
    this.write('backend/src/contract.ts', '');
    this.write(
      'dashboard/package.json',
      JSON.stringify({ scripts: { build: 'mkdir -p .next && date > .next/BUILD_ID' } }),
    );
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  write(path: string, content: string): void {
    const file = join(this.directory, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }

  private linkDependencies(): void {
    mkdirSync(join(this.directory, 'node_modules'));
    for (const entry of readdirSync(NODE_MODULES)) {
      if (entry === '.cache' || entry === 'next') continue;
      symlinkSync(join(NODE_MODULES, entry), join(this.directory, 'node_modules', entry));
    }
    this.write('node_modules/next/package.json', '{ "type": "module" }');
    this.write('node_modules/next/dist/bin/next', DASHBOARD);
  }
}

const SCHEMA = `generator client {
  provider = "prisma-client"
  output   = "../backend/src/generated/prisma"
  moduleFormat = "esm"
}
datasource db {
  provider = "postgresql"
}
model Letter {
  id Int @id
  @@map("letters")
}
`;

const END_ON_SIGTERM = `process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });\n`;

/** Ready when its database answers; tells its environment, and logs a warning when it is asked to. */
const BACKEND = `import { createServer } from 'node:http';
import { Client } from 'pg';
if (process.env.LOG_LEVEL === 'nonsense') { console.error('LOG_LEVEL is "nonsense"'); process.exit(1); }
createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://backend');
  try {
    if (pathname === '/api/environment') return response.end(JSON.stringify(process.env));
    if (pathname === '/api/warn') console.log(JSON.stringify({ level: 40, msg: 'the coffee is cold' }));
    const client = new Client({ connectionString: process.env.DATABASE_URL });
    client.on('error', () => undefined);
    await client.connect();
    if (pathname === '/api/letters') await client.query('insert into letters values (1)');
    const { rows } = await client.query('select count(*)::int as letters from letters');
    await client.end();
    response.end(JSON.stringify(rows[0]));
  } catch (error) {
    response.writeHead(503).end(error.message);
  }
}).listen(Number(process.env.PORT), process.env.HOST);
${END_ON_SIGTERM}`;

const SANDBOX = `import { createServer } from 'node:http';
createServer((request, response) => response.end('{}')).listen(Number(process.env.SANDBOX_PORT), process.env.SANDBOX_HOST);
${END_ON_SIGTERM}`;

const DASHBOARD = `import { createServer } from 'node:http';
const port = Number(process.argv[process.argv.indexOf('-p') + 1]);
createServer((request, response) => response.end('the dashboard')).listen(port, '127.0.0.1');
${END_ON_SIGTERM}`;
