import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

type Executable = { path: string; env?: Record<string, string> };

const CACHE = resolve(import.meta.dirname, '../node_modules/.cache/wasel');

/** Chromium asks its makers for updates and lists at every start; a test run talks to nobody but us. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-domain-reliability'];
/** It beeps once a second; who asks for it is answered at once. */
const microphone = (allowed: boolean): string[] => [
  '--use-fake-device-for-media-stream',
  `--use-fake-ui-for-media-stream${allowed ? '' : '=deny'}`,
];

/**
 * Starts a headless Chromium: the one that npm brought (Linux on x64, with its own libraries), else an installed
 * Chrome, or the one that CHROME_PATH names.
 *
 * @param microphone whether pages may listen; a microphone is there either way
 * @throws when there is none. A test that needs a browser fails then; it is never skipped in silence.
 */
export async function launchBrowser({ microphone: allowed = true } = {}): Promise<Browser> {
  const executable = namedByEnvironment() ?? bundled() ?? installed();
  if (executable === undefined) {
    throw new Error('No browser for the tests: install Chrome or Chromium, or set CHROME_PATH to its program.');
  }
  return chromium.launch({
    executablePath: executable.path,
    // There is no setuid helper for its sandbox, and containers give it too little /dev/shm.
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...QUIET, ...microphone(allowed)],
    env: { ...definedEnvironment(), ...executable.env },
  });
}

function namedByEnvironment(): Executable | undefined {
  const path = process.env.CHROME_PATH;
  return path === undefined || path === '' ? undefined : { path };
}

/** Unpacks `@sparticuz/chromium` once; several workers may try at the same time. */
function bundled(): Executable | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const directory = join(CACHE, `chromium-${packageVersion()}`);
  const path = join(directory, 'chromium');
  if (!existsSync(path)) {
    rmSync(directory, { recursive: true, force: true }); // what whoever clears caches left of it
    unpack(directory);
  }
  return {
    path,
    env: {
      LD_LIBRARY_PATH: [join(directory, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH ?? ''].join(delimiter),
      FONTCONFIG_FILE: join(directory, 'fonts.conf'),
    },
  };
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const main = require.resolve('@sparticuz/chromium');
  const { version } = require(join(dirname(main), '..', 'package.json')) as { version: string };
  return version;
}

/**
 * In a process of its own, because the package takes its directory from TMPDIR and brings its libraries only where it
 * believes to be on AWS, both from the environment.
 */
function unpack(directory: string): void {
  const unfinished = `${directory}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const script = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env: { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x', NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The bundled Chromium cannot be unpacked to ${unfinished}: ${stderr}`);
  writeFileSync(join(unfinished, 'fonts.conf'), fontConfiguration(directory));
  try {
    renameSync(unfinished, directory);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(join(directory, 'chromium'))) throw error;
  }
}

function fontConfiguration(directory: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${directory}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${directory}/fonts-cache</cachedir>
</fontconfig>
`;
}

function installed(): Executable | undefined {
  const places =
    process.platform === 'darwin'
      ? [
          '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
          '/Applications/Chromium.app/Contents/MacOS/Chromium',
        ]
      : ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'].flatMap((name) =>
          (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name)),
        );
  const path = places.find((place) => existsSync(place));
  return path === undefined ? undefined : { path };
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
