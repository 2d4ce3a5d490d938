import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';

const DEFAULT_MAX_BYTES = 20 * 1024 * 1024;

/**
 * One child's log. The previous one is kept as `<name>.1.log`, made so at the start of each run and whenever the file
 * reaches `maxBytes`: the two together never take more than twice that.
 */
export class LogFile {
  private descriptor: number;
  private bytes = 0;

  constructor(
    readonly path: string,
    private readonly maxBytes = DEFAULT_MAX_BYTES,
  ) {
    this.descriptor = this.open();
  }

  /** Synchronous, so that the last words of a child are in the file before anything is said about its end. */
  writeLine(line: string): void {
    if (this.bytes >= this.maxBytes) {
      closeSync(this.descriptor);
      this.descriptor = this.open();
    }
    this.bytes += writeSync(this.descriptor, `${line}\n`);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private open(): number {
    if (existsSync(this.path)) renameSync(this.path, this.path.replace(/\.log$/, '.1.log'));
    this.bytes = 0;
    return openSync(this.path, 'w', 0o600);
  }
}
