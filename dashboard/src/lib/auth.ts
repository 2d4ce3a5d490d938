/** How long before its end a token is renewed. */
const RENEW_BEFORE_MS = 60_000;

type Token = { value: string; expiresAt: number };

/** Who is signed in. The token lives in memory only; an httpOnly cookie gets the next one. */
class Session {
  /** In whose name calls are made; set once it is known. */
  organization: string | null = null;
  private current: Token | null = null;
  private renewing: Promise<string | null> | null = null;

  actFor(organization: string): void {
    this.organization = organization;
  }

  /** @returns null when nobody is signed in */
  token({ fresh = false } = {}): Promise<string | null> {
    const { current } = this;
    if (!fresh && current && current.expiresAt - RENEW_BEFORE_MS > Date.now()) return Promise.resolve(current.value);
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    return this.renewing;
  }

  /** @throws AuthError */
  async signUp(name: string, email: string, password: string): Promise<void> {
    await this.enter('sign-up', { name, email, password });
  }

  /** @throws AuthError */
  async signIn(email: string, password: string): Promise<void> {
    await this.enter('sign-in', { email, password });
  }

  async signOut(): Promise<void> {
    await fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    this.current = null;
  }

  private async enter(how: 'sign-up' | 'sign-in', body: Record<string, string>): Promise<void> {
    const response = await fetch(`/api/auth/${how}/email`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok) {
      const { code = 'UNKNOWN' } = (await response.json().catch(() => ({}))) as { code?: string };
      throw new AuthError(code);
    }
    this.current = null;
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

/** A refusal of the issuer; `code` is its own, as `INVALID_EMAIL_OR_PASSWORD`. */
export class AuthError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

function expiryOf(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp: number };
  return exp * 1000;
}

export const session = new Session();
