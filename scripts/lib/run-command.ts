import { UserFacingError, isSystemError } from './user-facing-error.ts';

/**
 * Runs the body of a command line program. What a person can put right is told in one line, without a stack trace;
 * either way the exit code of a failure is 1.
 */
export async function runCommand(work: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${describeFailure(error)}\n`);
  }
}

export function describeFailure(error: unknown): string {
  if (error instanceof UserFacingError) return error.message;
  if (isSystemError(error, 'EACCES', 'EPERM', 'EROFS')) {
    return `No permission for ${error.path ?? error.message}: make it writable for this user, or use another directory.`;
  }
  if (isSystemError(error, 'ENOSPC')) return `The disk is full (${error.path ?? error.syscall}): free some space.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
