import { Injectable } from '@nestjs/common';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { Config } from '../../config/config.ts';
import { UserId } from '../../kernel/ids.ts';
import { AUDIENCE } from './audience.ts';
import { IssuerAway, Unauthenticated } from './auth.errors.ts';
import type { User } from './caller.ts';
import { EMBEDDED_ISSUER, EmbeddedIssuer } from './embedded-issuer.ts';
import { TokenEnds } from './token-ends.ts';

/** Never `none`, and a secret only where a secret is configured: a public key must not be taken for one. */
const PUBLIC_KEY_ALGORITHMS = ['EdDSA', 'ES256', 'RS256'];

/** `user_metadata.full_name` is where Supabase keeps a name. */
const Claims = z.object({
  sub: UserId,
  email: z.email(),
  name: z.string().optional(),
  user_metadata: z.object({ full_name: z.string().optional(), name: z.string().optional() }).optional(),
  exp: z.number(),
  /** Of the embedded issuer: by the database's clock, and finer than `iat`. */
  issued_at_ms: z.number().optional(),
});

/** A verified token: who, and until when (seconds since 1970). */
export type VerifiedToken = Readonly<{ user: User; expiresAt: number }>;

/** The one place where a token becomes a person, whoever issued it. */
@Injectable()
export class TokenVerifier {
  private readonly verify: (token: string) => Promise<unknown>;

  constructor(
    config: Config,
    embedded: EmbeddedIssuer,
    private readonly ends: TokenEnds,
  ) {
    const { auth } = config;
    if (auth.provider === 'embedded') {
      const options = { issuer: EMBEDDED_ISSUER, audience: AUDIENCE, algorithms: PUBLIC_KEY_ALGORITHMS };
      this.verify = verifyWith((header, token) => embedded.key(header, token), options);
      return;
    }
    const issuer = `${auth.url.replace(/\/$/, '')}/auth/v1`;
    const keys = remoteKeys(new URL(`${issuer}/.well-known/jwks.json`));
    const byKey = verifyWith(keys, { issuer, audience: AUDIENCE, algorithms: PUBLIC_KEY_ALGORITHMS });
    const secret = auth.jwtSecret ? new TextEncoder().encode(auth.jwtSecret) : undefined;
    const bySecret = secret
      ? verifyWith(async () => secret, { issuer, audience: AUDIENCE, algorithms: ['HS256'] })
      : undefined;
    // Which of the two is told by the configuration and the algorithm, and each accepts its own algorithms only.
    this.verify = (token) => (bySecret && algorithmOf(token) === 'HS256' ? bySecret(token) : byKey(token));
  }

  /**
   * @throws Unauthenticated whatever is wrong with it; the cause says what, for the log
   * @throws IssuerAway when its keys cannot be had, which says nothing of the token
   */
  async user(token: string | undefined): Promise<VerifiedToken> {
    if (!token) throw new Unauthenticated();
    try {
      const claims = Claims.parse(await this.verify(token));
      if (this.ends.hasEnded(claims.sub, claims.issued_at_ms ?? 0))
        throw new Unauthenticated({ cause: new Error('the token was issued before its end') });
      const { full_name: fullName, name } = claims.user_metadata ?? {};
      return {
        user: { id: claims.sub, email: claims.email, name: claims.name ?? fullName ?? name ?? '' },
        expiresAt: claims.exp,
      };
    } catch (cause) {
      throw cause instanceof errors.JOSEError || cause instanceof z.ZodError ? new Unauthenticated({ cause }) : cause;
    }
  }
}

const verifyWith =
  (key: JWTVerifyGetKey, options: JWTVerifyOptions) =>
  async (token: string): Promise<unknown> =>
    (await jwtVerify(token, key, options)).payload;

/** Fetched when a token names a key that is not known yet, at most every 30 s (jose's `cooldownDuration`). */
function remoteKeys(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      throw new IssuerAway({ cause });
    }
  };
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined; // no token at all, which verifying will say
  }
}
