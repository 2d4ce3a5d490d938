import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Most script that a page loads before it works, in bytes as they travel; what it consists of is in docs/development.md. */
export const ROUTE_BUDGET = 170_000;

type RouteStats = { route: string; firstLoadChunkPaths: string[] };

/**
 * What each page of a built dashboard loads first, from the figures that Next leaves behind.
 *
 * @returns bytes, gzipped, by route
 */
export function routeSizes(dashboard: string): Map<string, number> {
  const stats = JSON.parse(
    readFileSync(join(dashboard, '.next/diagnostics/route-bundle-stats.json'), 'utf8'),
  ) as RouteStats[];
  const sizes = new Map<string, number>();
  const sizeOf = (chunk: string): number => {
    const size = sizes.get(chunk) ?? gzipSync(readFileSync(join(dashboard, chunk))).length;
    sizes.set(chunk, size);
    return size;
  };
  return new Map(
    stats.map(({ route, firstLoadChunkPaths }) => [
      route,
      firstLoadChunkPaths.reduce((sum, chunk) => sum + sizeOf(chunk), 0),
    ]),
  );
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** A line for each page that is too heavy, the heaviest first. */
export const overBudget = (sizes: ReadonlyMap<string, number>): string[] =>
  [...sizes]
    .filter(([, size]) => size > ROUTE_BUDGET)
    .toSorted(([, one], [, other]) => other - one)
    .map(
      ([route, size]) =>
        `${route} loads ${kilobytes(size)} of script, gzipped; at most ${kilobytes(ROUTE_BUDGET)}: docs/development.md says what to do.`,
    );
