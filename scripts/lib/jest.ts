import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_MODULES, ROOT } from './paths.ts';

/** What a run of tests came to. A suite that could not be loaded is a failure, as are its tests that never ran. */
export type Outcome = { passed: number; failed: number; skipped: number };

/** The fields of Jest's `--json` report that are used (Jest 30, `FormattedTestResults`). */
type Report = {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
};

/** Runs Jest, its progress on the console, and counts from its own report. Told to stop, it stops; told again, at once. */
export async function runJest(args: string[]): Promise<Outcome & { interrupted: boolean }> {
  const directory = mkdtempSync(join(tmpdir(), 'wasel-jest-'));
  const report = join(directory, 'report.json');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = [join(NODE_MODULES, 'jest/bin/jest.js'), '--json', '--outputFile', report];
  const child = spawn(process.execPath, [...node, ...jest, '--passWithNoTests', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let interrupted = false;
  const interrupt = () => {
    child.kill(interrupted ? 'SIGKILL' : 'SIGINT');
    interrupted = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    const outcome = existsSync(report) ? outcomeOf(JSON.parse(readFileSync(report, 'utf8')) as Report, code) : lost();
    return { ...outcome, interrupted };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param code Jest's exit code: it may fail for other reasons than a test, which must not look like success. */
export function outcomeOf(report: Report, code: number | null): Outcome {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const failedOtherwise = failed === 0 && (code !== 0 || !report.success);
  return {
    passed: report.numPassedTests,
    failed: failedOtherwise ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Jest ended without a report. */
function lost(): Outcome {
  return { passed: 0, failed: 1, skipped: 0 };
}
