import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

/** Hands on what flows through it, and knows its SHA-256 when all has. */
export class DigestStream extends Transform {
  private readonly hash = createHash('sha256');

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    done(null, chunk);
  }

  /** Once, in hex, at the end. */
  sha256(): string {
    return this.hash.digest('hex');
  }
}
