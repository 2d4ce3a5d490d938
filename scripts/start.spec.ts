import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '../testing/database.ts';
import { findFreePort } from './lib/ports.ts';
import { describeProcess } from './lib/processes.ts';
import { Clone } from './testing/clone.ts';
import { Command } from './testing/command.ts';

let clone: Clone;
let port: number;
let commands: Command[];

async function prepare(): Promise<void> {
  clone = new Clone();
  port = await findFreePort();
  commands = [];
}

async function clear(): Promise<void> {
  for (const command of commands) command.signal('SIGTERM');
  await Promise.all(commands.map((command) => command.exit()));
  clone.remove();
}

function start(env: NodeJS.ProcessEnv = {}): Command {
  const command = new Command(clone.directory, ['start'], { PORT: String(port), ...env });
  commands.push(command);
  return command;
}

async function startAndWait(env: NodeJS.ProcessEnv = {}): Promise<Command> {
  const command = start(env);
  await command.says(/Wasel is ready: /);
  return command;
}

async function ask<T>(path: string): Promise<T> {
  return (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T;
}

/** The children by name, as the launcher wrote them down, and Postgres from its own file. */
function processes(): Record<string, number> {
  const state = join(clone.directory, '.wasel');
  const names = readdirSync(join(state, 'processes')).map((entry) => /^(.*)-(\d+)\.json$/.exec(entry) ?? []);
  const postgres = Number(readFileSync(join(state, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  return { ...Object.fromEntries(names.map(([, name, pid]) => [name, Number(pid)])), postgres };
}

const alive = (pids: number[]) => pids.filter((pid) => describeProcess(pid) !== undefined);

describe('what npm start keeps running', () => {
  let launcher: Command;

  beforeAll(async () => {
    await prepare();
    clone.write('.env', 'LOG_LEVEL=debug\nSESSIONS_MAX=7\n');
    launcher = await startAndWait({ LOG_LEVEL: 'warn' });
  });

  afterAll(clear);

  it('has one address, with everything behind it', async () => {
    expect(launcher.output.match(/https?:\/\/\S+/g)).toEqual([`http://localhost:${port}`]);
    const environment = await ask<NodeJS.ProcessEnv>('/api/environment');
    expect(environment).toMatchObject({
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
    });
    expect(await (await fetch(environment.DASHBOARD_URL ?? '')).text()).toBe('the dashboard');
    expect((await fetch(`${environment.WHATSAPP_SANDBOX_URL}/stats`)).status).toBe(200);
  });

  it('has secrets of its own, in a file that only the user can read', async () => {
    const environment = await ask<NodeJS.ProcessEnv>('/api/environment');
    expect(environment.ENCRYPTION_KEYS).toMatch(/^k1:[\w+/]{43}=$/);
    expect(environment.AUTH_SECRET).toMatch(/^[\w-]{43}$/);
    expect(statSync(join(clone.directory, '.wasel/secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('has what .env says, which the real environment wins over', async () => {
    expect(await ask('/api/environment')).toMatchObject({ LOG_LEVEL: 'warn', SESSIONS_MAX: '7' });
  });

  it('shows the warnings of the backend', async () => {
    await ask('/api/warn');
    await launcher.says(/the coffee is cold/);
    expect(launcher.output).toMatch(/^ {2}backend {2}the coffee is cold$/m);
  });

  it.each(['backend', 'dashboard', 'sandbox', 'postgres'])('heals when the %s is killed', async (name) => {
    const { [name]: pid = 0 } = processes();
    process.kill(pid, 'SIGKILL');
    await launcher.says(new RegExp(`${name} {2}ended \\(SIGKILL\\); starting it again\n`));
    await launcher.says(new RegExp(`${name} {2}is up again`));

    expect(alive([pid])).toEqual([]);
    expect(await ask('/api/letters')).toEqual({ letters: expect.any(Number) });
  });

  it('refuses a second start in one line, and goes on', async () => {
    const second = start();
    expect(await second.exit()).toBe(1);
    expect(second.output.trim()).toBe(
      `Wasel already runs from this directory (process ${launcher.pid}): use it, or stop it first.`,
    );
    expect(await ask('/api/letters')).toEqual({ letters: expect.any(Number) });
  });

  it('stops everything in order, with nothing left', async () => {
    const pids = Object.values(processes());
    expect(alive(pids)).toHaveLength(4);
    launcher.signal('SIGINT');
    expect(await launcher.exit()).toBe(0);
    expect(alive(pids)).toEqual([]);
    expect(readFileSync(join(clone.directory, '.wasel/logs/backend.log'), 'utf8')).toContain('drained');
  });
});

describe('npm start', () => {
  beforeEach(prepare);
  afterEach(clear);

  it('keeps data and secrets for the next start, which builds nothing', async () => {
    const first = await startAndWait();
    expect(await ask('/api/letters')).toEqual({ letters: 1 });
    const before = await ask<NodeJS.ProcessEnv>('/api/environment');
    first.signal('SIGTERM');
    expect(await first.exit()).toBe(0);

    const second = await startAndWait();
    expect(await ask('/api/letters')).toEqual({ letters: 2 });
    const after = await ask<NodeJS.ProcessEnv>('/api/environment');
    expect([after.ENCRYPTION_KEYS, after.AUTH_SECRET, after.DATABASE_URL]).toEqual([
      before.ENCRYPTION_KEYS,
      before.AUTH_SECRET,
      before.DATABASE_URL,
    ]);
    expect(second.output.match(/\(unchanged,/g)).toHaveLength(5);
  });

  it('finds and stops what a killed launcher left behind', async () => {
    const first = await startAndWait();
    const orphans = Object.values(processes());
    first.signal('SIGKILL');
    await first.exit();

    await startAndWait();
    expect(alive(orphans)).toEqual([]);
    expect(alive(Object.values(processes()))).toHaveLength(4);
  });

  it('says in one line that the port is taken, and starts nothing', async () => {
    const occupant = createServer().listen(port, '127.0.0.1');
    await once(occupant, 'listening');
    const launcher = start();
    expect(await launcher.exit()).toBe(1);
    occupant.close();
    expect(launcher.output.trim()).toBe(
      `Port ${port} is taken: stop what uses it, or choose another one, for instance PORT=${port + 1} npm start`,
    );
    expect(readdirSync(join(clone.directory, '.wasel'))).not.toContain('postgres');
  });

  it('tells why the backend does not start, and leaves nothing running', async () => {
    const launcher = start({ LOG_LEVEL: 'nonsense' });
    expect(await launcher.exit()).toBe(1);
    expect(launcher.output).toMatch(/^ {2}Backend did not start \(exit code 1\): LOG_LEVEL is "nonsense"\n$/m);
    expect(launcher.output).not.toContain('    at ');
    expect(readdirSync(join(clone.directory, '.wasel/processes'))).toEqual([]);
    expect(readdirSync(join(clone.directory, '.wasel/postgres'))).not.toContain('postmaster.pid');
  });

  it('shows what fails to build, and leaves nothing running', async () => {
    clone.write('backend/package.json', JSON.stringify({ scripts: { build: 'echo broken source; exit 2' } }));
    const launcher = start();
    expect(await launcher.exit()).toBe(1);
    expect(launcher.output).toContain('Building backend failed (exit code 2):\nbroken source');
    expect(readdirSync(join(clone.directory, '.wasel/processes'))).toEqual([]);
  });

  it('stops at once when it is interrupted while it still starts', async () => {
    clone.write('dashboard/package.json', JSON.stringify({ scripts: { build: 'exec sleep 600' } }));
    const launcher = start();
    await launcher.says(/Sandbox built/);
    launcher.signal('SIGINT');
    expect(await launcher.exit()).toBe(0);
    expect(readdirSync(join(clone.directory, '.wasel/processes'))).toEqual([]);
  });

  it('uses the Postgres of DATABASE_URL and starts none', async () => {
    const database = await createTestDatabase();
    try {
      const launcher = await startAndWait({ DATABASE_URL: database.url });
      expect(await ask('/api/letters')).toEqual({ letters: 1 });
      expect(readdirSync(join(clone.directory, '.wasel'))).not.toContain('postgres');
      launcher.signal('SIGTERM');
      await launcher.exit();
    } finally {
      await database.drop();
    }
  });

  it('starts no sandbox for live WhatsApp, and hands its address to nobody', async () => {
    await startAndWait({ WHATSAPP: 'live' });
    expect(processes()).not.toHaveProperty('sandbox');
    expect(await ask('/api/environment')).not.toHaveProperty('WHATSAPP_SANDBOX_URL');
  });
});
