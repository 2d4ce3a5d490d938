/** A failure that the caller of the control API can act on. `detail` says what to do. */
export type ErrorKind = 'invalid' | 'forbidden' | 'not-found' | 'conflict' | 'gone' | 'too-large' | 'unavailable';

export class SandboxError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.kind = kind;
  }
}
