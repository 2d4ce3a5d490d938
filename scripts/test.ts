import { availableParallelism } from 'node:os';
import { Console } from './lib/console.ts';
import { type Outcome, runJest } from './lib/jest.ts';
import { describeFailure } from './lib/run-command.ts';
import { buildAll } from './lib/workspaces.ts';

/** Tests that hold the product to a time come last, and one file after the other. */
const STAGES = [
  ['--testMatch', '**/*.spec.ts', `--maxWorkers=${availableParallelism()}`],
  ['--testMatch', '**/!(*.timed).e2e.ts', '--maxWorkers=2'],
  ['--testMatch', '**/*.timed.e2e.ts', '--maxWorkers=1'],
];

/** `npm test [-- pattern ...]`: builds, since some tests run the product as processes, then all tests. */
async function main(args: string[]): Promise<number> {
  await buildAll(new Console(), ['backend', 'sandbox', 'dashboard']);
  const outcomes: Outcome[] = [];
  for (const stage of STAGES) {
    const { interrupted, ...outcome } = await runJest([...stage, ...args]);
    outcomes.push(outcome);
    if (interrupted) break;
  }
  const sum = (kind: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[kind], 0);
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
