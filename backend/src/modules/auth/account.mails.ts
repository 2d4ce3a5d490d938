import { Logger } from '@nestjs/common';
import type { BetterAuthOptions } from 'better-auth';
import { decodeJwt } from 'jose';
import type pg from 'pg';
import { type Language, languageOfHeaders } from '../../kernel/language.ts';
import type { Mailer } from '../../platform/mail/mailer.ts';
import type { TokenEnds } from './token-ends.ts';
import { emailChanged, emailConfirmation, passwordChanged, passwordReset } from './account.letters.ts';

/** How long a link works that proves whose an address is. */
const LINK_LIFE_SECONDS = 60 * 60;
const LINK_LIFE_MS = LINK_LIFE_SECONDS * 1000;

/** What the embedded issuer tells people by mail, and what it does when they come back by a link. */
export function accountMails(
  mailer: Mailer,
  pool: pg.Pool,
  address: string,
  ends: TokenEnds,
): Required<Pick<BetterAuthOptions, 'emailVerification'>> & { emailAndPassword: object } {
  const log = new Logger('EmbeddedIssuer');
  /** better-auth drops what is thrown here, so that the log has to say it. */
  const logged = (work: Promise<unknown>): Promise<void> =>
    work.then(
      () => undefined,
      (error: unknown) => log.error({ error: String(error) }, 'an account mail was not written'),
    );
  return {
    emailAndPassword: {
      resetPasswordTokenExpiresIn: LINK_LIFE_SECONDS,
      sendResetPassword: ({ user, token }: { user: { email: string }; token: string }, request?: Request) =>
        logged(
          mailer.send(
            passwordReset(user.email, languageOf(request), `${address}/reset-password#${token}`, LINK_LIFE_MS),
          ),
        ),
      onPasswordReset: async ({ user }: { user: { id: string; email: string } }, request?: Request) => {
        // Whoever asked before, with whatever in mind, comes too late.
        await pool.query('delete from private.auth_verifications where value = $1', [user.id]);
        await ends.tell();
        await logged(mailer.send(passwordChanged(user.email, languageOf(request))));
      },
    },
    emailVerification: {
      expiresIn: LINK_LIFE_SECONDS,
      sendVerificationEmail: ({ user, token }, request) =>
        logged(
          mailer.send(
            emailConfirmation(user.email, languageOf(request), `${address}/confirm-email#${token}`, LINK_LIFE_MS),
          ),
        ),
      afterEmailVerification: async ({ id, email }, request) => {
        await pool.query('update users set email = $2, updated_at = now() where id = $1', [id, email]);
        await ends.tell();
        const before = addressBefore(request);
        if (before && before !== email) await logged(mailer.send(emailChanged(before, languageOf(request), email)));
      },
    },
  };
}

/** In the language of the page that asks. */
const languageOf = (request: Request | undefined): Language =>
  languageOfHeaders(request?.headers.get('cookie') ?? null, request?.headers.get('accept-language') ?? null);

/** The address that a link was made for; the link itself is verified already. */
function addressBefore(request: Request | undefined): string | undefined {
  const token = new URL(request?.url ?? 'http://nowhere').searchParams.get('token');
  const email = token ? decodeJwt(token)['email'] : undefined;
  return typeof email === 'string' ? email : undefined;
}
