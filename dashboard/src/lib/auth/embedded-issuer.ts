import type { EmbeddedTokens } from './embedded-tokens.ts';
import { AuthError, type AuthFault, type Issuer } from './issuer.ts';

/** Refusals of better-auth, by its own codes. */
const FAULTS: Readonly<Record<string, AuthFault>> = {
  INVALID_EMAIL_OR_PASSWORD: 'INVALID_EMAIL_OR_PASSWORD',
  USER_ALREADY_EXISTS: 'USER_ALREADY_EXISTS',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'USER_ALREADY_EXISTS',
  PASSWORD_TOO_SHORT: 'PASSWORD_TOO_SHORT',
  PASSWORD_TOO_LONG: 'PASSWORD_TOO_LONG',
  INVALID_EMAIL: 'INVALID_EMAIL',
  INVALID_TOKEN: 'LINK_OVER',
  TOKEN_EXPIRED: 'LINK_OVER',
  USER_NOT_FOUND: 'LINK_OVER',
  INVALID_USER: 'LINK_OVER',
};

/** The issuer inside Wasel. */
export class EmbeddedIssuer implements Issuer {
  constructor(private readonly tokens: EmbeddedTokens) {}

  token(options?: { fresh?: boolean }): Promise<string | null> {
    return this.tokens.token(options);
  }

  async signUp(name: string, email: string, password: string): Promise<'signed-in'> {
    await this.enter('sign-up', { name, email, password });
    return 'signed-in';
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.enter('sign-in', { email, password });
  }

  async signOut(): Promise<void> {
    await fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    this.tokens.forget();
  }

  async askForPasswordReset(email: string): Promise<void> {
    await this.post('request-password-reset', { email });
  }

  async resetPassword(link: string, password: string): Promise<void> {
    await this.post('reset-password', { token: link, newPassword: password });
    this.tokens.forget();
  }

  async changeEmail(email: string): Promise<void> {
    await this.post('change-email', { newEmail: email });
  }

  async confirmEmail(link: string): Promise<void> {
    await accepted(await fetch(`/api/auth/verify-email?token=${encodeURIComponent(link)}`));
    this.tokens.forget();
  }

  private async enter(how: 'sign-up' | 'sign-in', body: Record<string, string>): Promise<void> {
    await this.post(`${how}/email`, body);
    this.tokens.forget();
  }

  private async post(path: string, body: Record<string, string>): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await accepted(await fetch(`/api/auth/${path}`, { method: 'POST', body: JSON.stringify(body), headers }));
  }
}

/** @throws AuthError */
async function accepted(response: Response): Promise<void> {
  if (response.ok) return;
  if (response.status === 429) throw new AuthError('TOO_MANY_ATTEMPTS');
  const { code = '' } = (await response.json().catch(() => ({}))) as { code?: string };
  throw new AuthError(FAULTS[code] ?? 'UNKNOWN');
}
