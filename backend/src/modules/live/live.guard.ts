import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { OrganizationId, UserId } from '../../kernel/ids.ts';
import { Authenticate } from '../../kernel/live-events.ts';
import { Unauthenticated } from '../auth/auth.errors.ts';
import { personIn } from '../auth/caller.ts';
import { Memberships } from '../auth/memberships.ts';
import type { Role } from '../auth/permissions.ts';
import { RequestLimits } from '../auth/request-limits.ts';
import { TokenVerifier, type VerifiedToken } from '../auth/token-verifier.ts';

const Handshake = z.object({
  token: z.string().optional(),
  organization_id: z.string().optional(),
  /** The last one that the client saw. */
  cursor: z.string().max(64).optional(),
});

/** Who a client is, and until when. */
export type LiveAccess = Readonly<{
  user: UserId;
  organization: OrganizationId;
  role: Role;
  /** Milliseconds since 1970. */
  expiresAtMs: number;
}>;

/** Lets clients in: the same tokens and memberships as everywhere, and the same refusals. */
@Injectable()
export class LiveGuard {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly memberships: Memberships,
    private readonly limits: RequestLimits,
  ) {}

  /**
   * @param from the address of the client
   * @throws Unauthenticated | OrganizationRequired | OrganizationNotFound | RateLimited, or ZodError for what is no handshake
   */
  async admit(handshake: unknown, from: string): Promise<LiveAccess & { cursor?: string | undefined }> {
    const { token, organization_id: asked, cursor } = Handshake.parse(handshake);
    return { ...(await this.access(token, asked, from)), cursor };
  }

  /** @throws as `admit`; Unauthenticated also for the token of another person */
  async renew(access: LiveAccess, message: unknown, from: string): Promise<LiveAccess> {
    return this.access(Authenticate.parse(message).token, access.organization, from, access.user);
  }

  /** Counted like a request: by the address what has no good credentials, by the organization what has. */
  private async access(
    token: string | undefined,
    asked: string | undefined,
    from: string,
    only?: UserId,
  ): Promise<LiveAccess> {
    const { user, expiresAt } = await this.identify(token, only).catch(async (error: unknown) => {
      if (error instanceof Unauthenticated) await this.limits.unauthenticated({ ip: from });
      throw error;
    });
    const member = await this.memberships.resolve(user.id, asked);
    await this.limits.caller(personIn(member.organization, user, from));
    return { user: user.id, ...member, expiresAtMs: expiresAt * 1000 };
  }

  private async identify(token: string | undefined, only: UserId | undefined): Promise<VerifiedToken> {
    const verified = await this.tokens.user(token);
    if (only !== undefined && verified.user.id !== only) throw new Unauthenticated();
    return verified;
  }
}
