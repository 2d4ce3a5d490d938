import { availableParallelism } from 'node:os';
import { Console } from './lib/console.ts';
import { runJest } from './lib/jest.ts';
import { describeFailure } from './lib/run-command.ts';
import { buildAll } from './lib/workspaces.ts';

/**
 * `npm test [-- pattern ...]`: builds, since some tests run the product as processes, then all tests. Those that
 * drive a browser or kill processes depend on time more than others, so they come last, one file after the other.
 */
async function main(args: string[]): Promise<number> {
  await buildAll(new Console(), ['backend', 'sandbox', 'dashboard']);
  const outcomes = [
    await runJest(['--testMatch', '**/*.spec.ts', `--maxWorkers=${availableParallelism()}`, ...args]),
    await runJest(['--testMatch', '**/*.e2e.ts', '--maxWorkers=1', ...args]),
  ];
  const sum = (kind: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[kind], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  if (passed + failed === 0) process.stdout.write('No test matches.\n');
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stdout.write(`${describeFailure(error)}\n0 passed, 1 failed\n`);
  process.exitCode = 1;
}
