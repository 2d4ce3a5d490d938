import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overBudget, ROUTE_BUDGET, routeSizes } from './route-budget.ts';

let dashboard: string;

beforeAll(() => {
  dashboard = mkdtempSync(join(tmpdir(), 'route-budget-'));
  mkdirSync(join(dashboard, '.next/diagnostics'), { recursive: true });
  const chunk = (name: string, bytes: number): string => {
    writeFileSync(join(dashboard, '.next', name), randomBytes(bytes)); // what cannot be compressed
    return `.next/${name}`;
  };
  const shared = chunk('shared.js', ROUTE_BUDGET - 10_000);
  const stats = [
    { route: '/light', firstLoadChunkPaths: [shared] },
    { route: '/heavy', firstLoadChunkPaths: [shared, chunk('heavy.js', 20_000)] },
  ];
  writeFileSync(join(dashboard, '.next/diagnostics/route-bundle-stats.json'), JSON.stringify(stats));
});
afterAll(() => rmSync(dashboard, { recursive: true }));

describe('the budget of a page', () => {
  it('counts every chunk that it loads, as it travels', () => {
    const sizes = routeSizes(dashboard);
    expect(sizes.get('/light')).toBeGreaterThanOrEqual(ROUTE_BUDGET - 10_000);
    expect(sizes.get('/heavy')).toBeGreaterThanOrEqual(ROUTE_BUDGET + 10_000);
  });

  it('says of the one that is over it which it is, how heavy, and how heavy it may be', () => {
    expect(overBudget(routeSizes(dashboard))).toEqual([
      expect.stringMatching(/^\/heavy loads 180\.\d kB of script, gzipped; at most 170\.0 kB:/),
    ]);
  });
});
