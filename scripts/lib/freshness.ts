import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Something that is built from files: it is fresh as long as none of them changed since it was built. */
export type Buildable = {
  /** Files and directories that the result depends on. Missing ones are fine: that they are missing counts too. */
  inputs: string[];
  /** Anything else that the result depends on, such as the value of a variable. */
  also?: string[];
  /** A file of the result. When it is gone, or was written by someone else since, the result is not fresh. */
  output: string;
  /** Where to remember what the result was built from. */
  stamp: string;
};

const NOT_SOURCES =
  /^(node_modules|dist|\.next|generated|coverage|\..*)$|\.(spec|e2e)\.tsx?$|\.tsbuildinfo$|^next-env\.d\.ts$/;

/** Builds unless the result is fresh. @returns whether it was built. */
export async function buildIfStale(buildable: Buildable, build: () => Promise<void>): Promise<boolean> {
  const { output, stamp } = buildable;
  const inputs = fingerprint(buildable);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(inputs, output)) return false;
  rmSync(stamp, { force: true });
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, stampOf(inputs, output));
  return true;
}

/** The names and contents of all input files; times do not count, so that a checkout does not make all stale. */
export function fingerprint({ inputs, also = [] }: Pick<Buildable, 'inputs' | 'also'>): string {
  const hash = createHash('sha256').update(JSON.stringify([process.versions.modules, ...also]));
  for (const file of inputs.flatMap(filesIn).toSorted()) {
    hash.update(`\0${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => !NOT_SOURCES.test(name))
    .flatMap((name) => filesIn(join(path, name)));
}

function stampOf(inputs: string, output: string): string {
  return `${inputs} ${statSync(output).mtimeMs}`;
}
