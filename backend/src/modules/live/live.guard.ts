import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { OrganizationId, UserId } from '../../kernel/ids.ts';
import { Authenticate } from '../../kernel/live-events.ts';
import { Unauthenticated } from '../auth/auth.errors.ts';
import { Memberships } from '../auth/memberships.ts';
import type { Role } from '../auth/permissions.ts';
import { TokenVerifier } from '../auth/token-verifier.ts';

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
  ) {}

  /** @throws Unauthenticated | OrganizationRequired | OrganizationNotFound, or ZodError for what is no handshake */
  async admit(handshake: unknown): Promise<LiveAccess & { cursor?: string | undefined }> {
    const { token, organization_id: asked, cursor } = Handshake.parse(handshake);
    return { ...(await this.access(token, asked)), cursor };
  }

  /** @throws as `admit`; Unauthenticated also for the token of another person */
  async renew(access: LiveAccess, message: unknown): Promise<LiveAccess> {
    return this.access(Authenticate.parse(message).token, access.organization, access.user);
  }

  private async access(token: string | undefined, asked: string | undefined, only?: UserId): Promise<LiveAccess> {
    const { user, expiresAt } = await this.tokens.user(token);
    if (only !== undefined && user.id !== only) throw new Unauthenticated();
    return { user: user.id, ...(await this.memberships.resolve(user.id, asked)), expiresAtMs: expiresAt * 1000 };
  }
}
