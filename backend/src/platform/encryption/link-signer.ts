import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Sealer } from './sealer.ts';

/** Signs what a link names and until when (seconds since 1970), so that it works for whoever holds it, and nothing else does. */
export class LinkSigner {
  private readonly key: Buffer;

  /** @param purpose what the links are for; one signed for another does not hold */
  constructor(
    sealer: Sealer,
    private readonly clock: Clock,
    purpose: string,
  ) {
    this.key = sealer.derive(purpose);
  }

  sign(named: readonly string[], expires: number): string {
    return createHmac('sha256', this.key)
      .update([...named, expires].join('|'))
      .digest('base64url');
  }

  holds(named: readonly string[], expires: number, signature: string): boolean {
    const given = Buffer.from(signature, 'base64url');
    const right = Buffer.from(this.sign(named, expires), 'base64url');
    return (
      given.length === right.length && timingSafeEqual(given, right) && expires * 1000 > this.clock.now().getTime()
    );
  }
}
