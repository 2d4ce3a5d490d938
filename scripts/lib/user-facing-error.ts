import { types } from 'node:util';

/**
 * Something that the person at the keyboard can put right. The message is one line that names the cure;
 * commands print it alone and exit with code 1, while any other error keeps its stack trace.
 */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
}

/** True for errors of the operating system, `code` being for instance `ENOENT`; narrows `unknown` in catch clauses. */
export function isSystemError(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  if (!types.isNativeError(error) || !('code' in error) || typeof error.code !== 'string') return false;
  return codes.length === 0 || codes.includes(error.code);
}
