import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files are customers' letters: other users of the machine may not read them. */
export const PRIVATE_DIRECTORY = { recursive: true, mode: 0o700 } as const;

/** Files that are being written or worked on, under names of their own. */
export class TemporaryFiles {
  private readonly directory: string;

  constructor(root: string) {
    this.directory = join(root, 'incoming');
  }

  async path(): Promise<string> {
    await mkdir(this.directory, PRIVATE_DIRECTORY);
    return join(this.directory, randomUUID());
  }

  /** Removes what a process that died has left. */
  async sweep(before: Date): Promise<void> {
    const names = await readdir(this.directory).catch(() => []);
    for (const name of names) {
      const path = join(this.directory, name);
      const written = await stat(path).catch(() => undefined);
      if (written && written.mtime < before) await rm(path, { force: true, recursive: true });
    }
  }
}
