import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';

/** How long a link works, at least; it ends on a full hour, so that a browser may keep what it fetched by it. */
const LIFE_SECONDS = 3_600;

/** Links that show one file to whoever holds them, for a short time: pictures on a page cannot carry a token. */
@Injectable()
export class MediaLinks {
  private readonly key: Buffer;

  constructor(
    sealer: Sealer,
    private readonly clock: Clock,
  ) {
    this.key = sealer.derive('media links');
  }

  sign(organization: string, id: string): string {
    const expires = (Math.floor(this.clock.now().getTime() / 1000 / LIFE_SECONDS) + 2) * LIFE_SECONDS;
    const query = new URLSearchParams({
      organization,
      expires: String(expires),
      signature: this.signature(organization, id, expires),
    });
    return `/api/media/${id}/content?${query.toString()}`;
  }

  holds(organization: string, id: string, expires: number, signature: string): boolean {
    const given = Buffer.from(signature, 'base64url');
    const right = Buffer.from(this.signature(organization, id, expires), 'base64url');
    return (
      given.length === right.length && timingSafeEqual(given, right) && expires * 1000 > this.clock.now().getTime()
    );
  }

  private signature(organization: string, id: string, expires: number): string {
    return createHmac('sha256', this.key).update(`${organization}|${id}|${expires}`).digest('base64url');
  }
}
