/** A browser for tests: the Chromium that ships inside an npm package (Linux x64), or an installed Chrome. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export type TestBrowser = Readonly<{ browser: Browser; close: () => Promise<void> }>;

/** Undefined when this machine has no browser to offer. */
export async function openBrowser(): Promise<TestBrowser | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-browser-'));
  const executablePath = await findExecutable(directory);
  if (!executablePath) return undefined;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function findExecutable(directory: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return INSTALLED.find((path) => existsSync(path));
  // The package unpacks itself into TMPDIR, with the libraries that a bare machine lacks, if it believes to be in Lambda.
  process.env['TMPDIR'] = directory;
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}
