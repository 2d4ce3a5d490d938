import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogFile } from './log-file.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-file-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const read = (name: string) => readFileSync(join(directory, name), 'utf8');

describe('LogFile', () => {
  it('keeps the log of the run before', () => {
    for (const run of ['first', 'second', 'third']) {
      const log = new LogFile(join(directory, 'backend.log'));
      log.writeLine(run);
      log.close();
    }
    expect([read('backend.1.log'), read('backend.log')]).toEqual(['second\n', 'third\n']);
  });

  it('never takes much more than twice its limit', () => {
    const log = new LogFile(join(directory, 'backend.log'), 100);
    for (let line = 0; line < 100; line += 1) log.writeLine(`line ${String(line).padStart(4, '0')}`);
    log.close();
    expect(read('backend.1.log').length + read('backend.log').length).toBeLessThanOrEqual(220);
    expect(read('backend.log')).toMatch(/line 0099\n$/);
  });
});
