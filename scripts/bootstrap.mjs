// @ts-check
// The one door of all commands: node scripts/bootstrap.mjs <command> [arguments]. It runs before anything is
// installed, so it uses nothing but Node, and syntax that an old Node can still read far enough to be told so.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, 'node_modules', '.wasel-lock-hash');

/** @returns {string | undefined} why this machine cannot run it, in one line */
function unsuitable() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return `Wasel needs Node.js 20.19 or newer, and this is ${process.versions.node}: get it from https://nodejs.org`;
  }
  if (process.platform === 'win32') return 'On Windows, Wasel runs inside WSL: https://learn.microsoft.com/windows/wsl';
  return undefined;
}

/** @returns {string} what the installed dependencies depend on */
function lockHash() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  return hash.update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
}

/**
 * Compares the lock file with the one that npm leaves in node_modules, for who installs without this program.
 * @returns {boolean} whether all that is wanted on this platform is there
 */
function isInstalled() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const { packages: wanted } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { packages: present } = JSON.parse(readFileSync(installed, 'utf8'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (!path.includes('node_modules/')) return true;
    if (present[path] === undefined) return optional === true;
    return present[path].version === version && existsSync(join(ROOT, path));
  });
}

/**
 * Installs what the lock file says, unless that is there already.
 * @returns {Promise<boolean>} false when it failed; then npm's own words were shown
 */
async function install() {
  const wanted = lockHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return true;
  if (isInstalled()) {
    writeFileSync(STAMP, wanted);
    return true;
  }

  const startedAt = Date.now();
  process.stdout.write('\n  Installing the dependencies, which takes a minute or two the first time.\n');
  const dots = setInterval(() => process.stdout.write('.'), 5000);
  // What builds it is a development dependency, which npm leaves out where NODE_ENV says production.
  const how = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  let { code, output } = await run('npm', ['ci', ...how]);
  // npm calls a lock file incomplete that lacks a package of another platform; "install" minds only what it needs.
  if (output.includes('EUSAGE')) ({ code, output } = await run('npm', ['install', '--no-save', ...how]));
  clearInterval(dots);
  process.stdout.write('\n');
  if (code !== 0) {
    process.stderr.write(
      `${output}\n  The dependencies were not installed: see above, and start again when it is put right.\n`,
    );
    return false;
  }
  writeFileSync(STAMP, wanted);
  process.stdout.write(`  Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.\n`);
  return true;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(command, args) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += data;
      });
    }
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

async function main() {
  const problem = unsuitable();
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
    return;
  }
  const command = join(ROOT, 'scripts', `${process.argv[2]}.ts`);
  if (!existsSync(command)) {
    process.stderr.write(`There is no command "${process.argv[2]}": see the scripts in package.json.\n`);
    process.exitCode = 1;
    return;
  }
  if (!(await install())) {
    process.exitCode = 1;
    return;
  }
  process.argv.splice(1, 2, command);
  // In this process, so that a signal reaches the command itself and there is one process less to lose.
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(command).href);
}

await main();
