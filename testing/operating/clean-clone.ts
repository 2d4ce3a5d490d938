import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.ts';

/** What this checkout has made for itself since its dependencies were installed. */
const OWN = new Set(['.cache', '.wasel-lock-hash']);

/**
 * The last commit, as a host gets it: nothing that is ignored, untracked or not committed. Its dependencies are this
 * checkout's, as `npm ci` leaves them: the same files under a second name, because a bundler follows a link out of its root
 * and refuses what it finds there.
 */
export class CleanClone {
  private readonly home = mkdtempSync(join(tmpdir(), 'wasel-deploy-'));
  readonly directory = join(this.home, 'app');

  constructor() {
    // A checkout may belong to somebody else than whoever tests it.
    writeFileSync(join(this.home, 'gitconfig'), '[safe]\n  directory = *\n');
    this.git(this.home, 'clone', '--quiet', '--no-hardlinks', ROOT, this.directory);
    for (const place of ['.', 'backend', 'dashboard', 'sandbox']) {
      const installed = join(ROOT, place, 'node_modules');
      if (existsSync(installed)) linkTree(installed, join(this.directory, place, 'node_modules'));
    }
  }

  /** What git sees that is not in the commit. */
  changes(): string {
    return this.git(this.directory, 'status', '--porcelain');
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  private git(cwd: string, ...args: string[]): string {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: join(this.home, 'gitconfig') };
    return execFileSync('git', args, { cwd, env, encoding: 'utf8' });
  }
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (OWN.has(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else link(source, target);
  }
}

/** Between two file systems there are no second names. */
function link(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}
