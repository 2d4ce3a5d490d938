import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildIfStale } from './freshness.ts';
import { reachableFiles } from './imports.ts';

let directory: string;
let builds: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'freshness-'));
  builds = 0;
  write('src/main.ts', 'one');
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, content: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function build(also: string[] = []): Promise<boolean> {
  const [inputs, output, stamp] = [[join(directory, 'src')], join(directory, 'dist/main.js'), join(directory, 'stamp')];
  return buildIfStale({ inputs, also, output, stamp }, async () => {
    builds += 1;
    write('dist/main.js', `build ${builds}`);
  });
}

describe('buildIfStale', () => {
  it('builds once as long as nothing changes', async () => {
    expect(await build()).toBe(true);
    expect(await build()).toBe(false);
    utimesSync(join(directory, 'src/main.ts'), new Date(), new Date());
    expect(await build()).toBe(false);
    expect(builds).toBe(1);
  });

  it.each([
    ['a source changes', () => write('src/main.ts', 'two')],
    ['a source is added', () => write('src/other.ts', '')],
    ['a source is removed', () => rmSync(join(directory, 'src/main.ts'))],
    ['the result is removed', () => rmSync(join(directory, 'dist/main.js'))],
    ['somebody else wrote the result', () => utimesSync(join(directory, 'dist/main.js'), 1, 1)],
  ])('builds again when %s', async (_, change) => {
    await build();
    change();
    expect(await build()).toBe(true);
    expect(await build()).toBe(false);
  });

  it('builds again when a variable changes that the result depends on', async () => {
    await build(['NEXT_PUBLIC_X=1']);
    expect(await build(['NEXT_PUBLIC_X=2'])).toBe(true);
  });

  it('does not build for a test or for what was generated', async () => {
    await build();
    write('src/main.spec.ts', '');
    write('src/generated/client.ts', '');
    write('src/node_modules/x/index.js', '');
    expect(await build()).toBe(false);
  });

  it('builds again after a build that failed', async () => {
    await build();
    const [inputs, output, stamp] = [[directory], join(directory, 'dist/main.js'), join(directory, 'stamp')];
    const failing = buildIfStale({ inputs, output, stamp }, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(await build()).toBe(true);
  });
});

describe('reachableFiles', () => {
  it('follows relative imports and exports to the end, and nothing else', () => {
    const contract = write(
      'contract.ts',
      `export * from './a.ts';\nimport { z } from 'zod';\nimport type { B } from "./b.ts";`,
    );
    const a = write('a.ts', `import './b.ts';\nconst c = await import('./deep/c.ts');`);
    const b = write('b.ts', `export { a } from './a.ts';`);
    const c = write('deep/c.ts', `import { x } from './missing.ts';`);
    write('unused.ts', '');
    expect(reachableFiles(contract).toSorted()).toEqual([a, b, contract, c]);
  });
});
