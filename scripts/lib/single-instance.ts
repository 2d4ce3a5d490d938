import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { endProcess, identifyProcess, isAlive, type ProcessIdentity } from './processes.ts';
import { isSystemError } from './user-facing-error.ts';

/** The outcome of `takeLock`: ours until `release`, or someone else's. */
export type Lock = { held: true; release: () => void } | { held: false; owner: ProcessIdentity };

/**
 * Makes sure that one process at a time works in a directory. A lock whose owner was killed is taken over; when
 * several try at the same moment, one of them gets it.
 */
export function takeLock(file: string): Lock {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      if (createAs(file, mine)) return { held: true, release: () => rmSync(file, { force: true }) };
      const found = read(file);
      if (found === undefined) continue;
      const owner = JSON.parse(found) as ProcessIdentity;
      if (isAlive(owner)) return { held: false, owner };
      removeStale(file, found);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A hard link appears whole or not at all, unlike a file that is created and then written. */
function createAs(file: string, content: string): boolean {
  try {
    linkSync(content, file);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves it away before removing it: if that was by now another one's fresh lock, it is put back. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw error;
  }
  if (read(aside) !== stale) createAs(file, aside);
  rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The children of a launcher, written down so that the next launcher finds those that outlived a `kill -9`. */
export class ProcessRegistry {
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  /** @returns a function that forgets it again, to be called when it has ended. */
  add(name: string, pid: number): () => void {
    const file = join(this.directory, `${name}-${pid}.json`);
    const unfinished = join(dirname(file), `.${basename(file)}`);
    writeFileSync(unfinished, JSON.stringify(identifyProcess(pid)));
    renameSync(unfinished, file);
    return () => rmSync(file, { force: true });
  }

  /** Ends what is still running of an earlier launcher. @returns the names of those that were. */
  async endOrphans(graceMs: number): Promise<string[]> {
    const ended = readdirSync(this.directory).map(async (entry) => {
      const file = join(this.directory, entry);
      const identity = JSON.parse(read(file) || '{"pid":0,"startedAt":""}') as ProcessIdentity;
      const wasAlive = isAlive(identity);
      if (wasAlive) await endProcess(identity, graceMs);
      rmSync(file, { force: true });
      return wasAlive ? [entry.replace(/-\d+\.json$/, '')] : [];
    });
    return (await Promise.all(ended)).flat();
  }
}
