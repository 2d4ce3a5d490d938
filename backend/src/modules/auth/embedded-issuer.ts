import { Inject, Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import type { RequestHandler } from 'express';
import { createLocalJWKSet, type CryptoKey, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import type pg from 'pg';
import { Config } from '../../config/config.ts';
import { PrismaClient } from '../../generated/prisma/client.ts';
import { SYSTEM_POOL } from '../../platform/database/system-db.ts';
import { Mailer } from '../../platform/mail/mailer.ts';
import { accountMails } from './account.mails.ts';
import { AUDIENCE } from './audience.ts';
import { TOKEN_LIFE_SECONDS, TokenEnds } from './token-ends.ts';

export const EMBEDDED_ISSUER = 'wasel';
export const EMBEDDED_AUTH_PATH = '/api/auth';

const SESSION_LIFE_SECONDS = 30 * 24 * 60 * 60;
const SESSION_RENEW_SECONDS = 24 * 60 * 60;
export const PASSWORD_LENGTH_MIN = 10;
const PASSWORD_LENGTH_MAX = 128;

/**
 * Sign-up, sign-in and tokens for an installation without Supabase Auth: better-auth, with its tables in schema `private`,
 * as the system. A session is an httpOnly cookie; the API takes short-lived tokens only, as it would take Supabase's.
 */
@Injectable()
export class EmbeddedIssuer {
  private readonly auth: ReturnType<typeof createAuth> | undefined;
  private keys: ReturnType<typeof createLocalJWKSet> | undefined;

  constructor(config: Config, @Inject(SYSTEM_POOL) pool: pg.Pool, mailer: Mailer, ends: TokenEnds) {
    if (config.auth.provider === 'embedded') this.auth = createAuth(config, config.auth.secret, pool, mailer, ends);
  }

  /** Answers everything below `EMBEDDED_AUTH_PATH`; undefined when people sign in with Supabase. */
  handler(): RequestHandler | undefined {
    const { auth } = this;
    if (!auth) return undefined;
    const handle = toNodeHandler(auth);
    return (request, response, next) => void handle(request, response).catch(next);
  }

  /** The key that a token names; keys are read from the database when one is new. */
  async key(header: JWSHeaderParameters | undefined, token: FlattenedJWSInput | undefined): Promise<CryptoKey> {
    if (!this.auth) throw new Error('the embedded issuer is not in use');
    if (this.keys) {
      const known = await this.keys(header, token).catch(() => undefined);
      if (known) return known;
    }
    this.keys = createLocalJWKSet(await this.auth.api.getJwks());
    return this.keys(header, token);
  }
}

function createAuth(config: Config, secret: string, pool: pg.Pool, mailer: Mailer, ends: TokenEnds) {
  const { address: baseURL, allowedOrigins } = config.http;
  const mails = accountMails(mailer, pool, baseURL, ends);
  return betterAuth({
    baseURL,
    basePath: EMBEDDED_AUTH_PATH,
    secret,
    database: prismaAdapter(new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' }), {
      provider: 'postgresql',
    }),
    // A page of our own, under whatever name the browser reached us by, or of a dashboard that is hosted apart.
    trustedOrigins: (request) => [baseURL, ...allowedOrigins, ...ownOrigin(request)],
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      revokeSessionsOnPasswordReset: true,
      ...mails.emailAndPassword,
    },
    emailVerification: mails.emailVerification,
    user: { modelName: 'authUser', changeEmail: { enabled: true } },
    session: { modelName: 'authSession', expiresIn: SESSION_LIFE_SECONDS, updateAge: SESSION_RENEW_SECONDS },
    account: { modelName: 'authAccount' },
    verification: { modelName: 'authVerification', storeIdentifier: 'hashed' }, // who reads the table opens no link
    advanced: {
      database: { generateId: 'uuid' },
      useSecureCookies: baseURL.startsWith('https:'),
      cookiePrefix: 'wasel',
      // Said, because the library leaves both off under NODE_ENV=test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    plugins: [
      jwt({
        schema: { jwks: { modelName: 'authJwks' } },
        jwt: {
          issuer: EMBEDDED_ISSUER,
          audience: AUDIENCE,
          expirationTime: `${TOKEN_LIFE_SECONDS}s`,
          definePayload: async ({ user }) => ({ email: user.email, name: user.name, issued_at_ms: await ends.now() }),
        },
      }),
    ],
  });
}

function ownOrigin(request: Request | undefined): string[] {
  const host = request?.headers.get('host');
  return host ? [`http://${host}`, `https://${host}`] : [];
}
