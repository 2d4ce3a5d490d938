/** What went wrong, in the caller's terms. Only the problem filter turns a kind into an HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'payment-required'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'limit'
  | 'unavailable';

/** A failure the caller can act on. Anything else that is thrown is a bug and answers 500. */
export abstract class DomainError extends Error {
  /** Stable public name in snake_case. Clients branch on it; it is never renamed or reused. */
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  abstract readonly title: string;

  /**
   * @param detail what the caller can do about it, as a sentence.
   * @param facts further members of the problem document; safe to show to the caller.
   */
  constructor(
    readonly detail: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = new.target.name;
  }
}
