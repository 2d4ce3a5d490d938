import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { LinkSigner } from '../../platform/encryption/link-signer.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';

/** How long a link works, at least; it ends on a full hour, so that a browser may keep what it fetched by it. */
const LIFE_SECONDS = 3_600;

/** Links that show one file to whoever holds them, for a short time: pictures on a page cannot carry a token. */
@Injectable()
export class MediaLinks {
  private readonly signer: LinkSigner;

  constructor(
    sealer: Sealer,
    private readonly clock: Clock,
  ) {
    this.signer = new LinkSigner(sealer, clock, 'media links');
  }

  sign(organization: string, id: string, what: 'content' | 'thumbnail' = 'content'): string {
    const expires = (Math.floor(this.clock.now().getTime() / 1000 / LIFE_SECONDS) + 2) * LIFE_SECONDS;
    const signature = this.signer.sign([organization, id], expires);
    const query = new URLSearchParams({ organization, expires: String(expires), signature });
    return `/api/media/${id}/${what}?${query.toString()}`;
  }

  holds(organization: string, id: string, expires: number, signature: string): boolean {
    return this.signer.holds([organization, id], expires, signature);
  }
}
