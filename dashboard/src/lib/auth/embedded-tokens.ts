import type { Tokens } from './issuer.ts';

/** How long before its end a token is renewed. */
const RENEW_BEFORE_MS = 60_000;

type Token = { value: string; expiresAt: number };

/** The tokens of the issuer inside Wasel. One lives in memory only; an httpOnly cookie gets the next one. */
export class EmbeddedTokens implements Tokens {
  private current: Token | null = null;
  private renewing: Promise<string | null> | null = null;

  token({ fresh = false } = {}): Promise<string | null> {
    const { current } = this;
    if (!fresh && current && current.expiresAt - RENEW_BEFORE_MS > Date.now()) return Promise.resolve(current.value);
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    return this.renewing;
  }

  /** Somebody else may be signed in now, or nobody. */
  forget(): void {
    this.current = null;
  }

  private async renew(): Promise<string | null> {
    const response = await fetch('/api/auth/token');
    if (!response.ok) {
      this.forget();
      return null;
    }
    const { token } = (await response.json()) as { token: string };
    this.current = { value: token, expiresAt: expiryOf(token) };
    return token;
  }
}

function expiryOf(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp: number };
  return exp * 1000;
}
