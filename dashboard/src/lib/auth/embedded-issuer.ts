import { AuthError, type AuthFault, type Issuer } from './issuer.ts';

/** How long before its end a token is renewed. */
const RENEW_BEFORE_MS = 60_000;

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

type Token = { value: string; expiresAt: number };

/** The issuer inside Wasel. The token lives in memory only; an httpOnly cookie gets the next one. */
export class EmbeddedIssuer implements Issuer {
  private current: Token | null = null;
  private renewing: Promise<string | null> | null = null;

  token({ fresh = false } = {}): Promise<string | null> {
    const { current } = this;
    if (!fresh && current && current.expiresAt - RENEW_BEFORE_MS > Date.now()) return Promise.resolve(current.value);
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    return this.renewing;
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
    this.current = null;
  }

  async askForPasswordReset(email: string): Promise<void> {
    await this.post('request-password-reset', { email });
  }

  async resetPassword(link: string, password: string): Promise<void> {
    await this.post('reset-password', { token: link, newPassword: password });
    this.current = null;
  }

  async changeEmail(email: string): Promise<void> {
    await this.post('change-email', { newEmail: email });
  }

  async confirmEmail(link: string): Promise<void> {
    await accepted(await fetch(`/api/auth/verify-email?token=${encodeURIComponent(link)}`));
    this.current = null;
  }

  private async enter(how: 'sign-up' | 'sign-in', body: Record<string, string>): Promise<void> {
    await this.post(`${how}/email`, body);
    this.current = null;
  }

  private async post(path: string, body: Record<string, string>): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await accepted(await fetch(`/api/auth/${path}`, { method: 'POST', body: JSON.stringify(body), headers }));
  }

  private async renew(): Promise<string | null> {
    const response = await fetch('/api/auth/token');
    if (!response.ok) {
      this.current = null;
      return null;
    }
    const { token } = (await response.json()) as { token: string };
    this.current = { value: token, expiresAt: expiryOf(token) };
    return token;
  }
}

/** @throws AuthError */
async function accepted(response: Response): Promise<void> {
  if (response.ok) return;
  if (response.status === 429) throw new AuthError('TOO_MANY_ATTEMPTS');
  const { code = '' } = (await response.json().catch(() => ({}))) as { code?: string };
  throw new AuthError(FAULTS[code] ?? 'UNKNOWN');
}

function expiryOf(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp: number };
  return exp * 1000;
}
