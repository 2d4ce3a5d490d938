import type { PublicConfig } from '@wasel/backend/contract';
import { EmbeddedTokens } from './auth/embedded-tokens';
import type { Issuer, Tokens } from './auth/issuer';

export { AuthError, faultCodeOf } from './auth/issuer';

/** Whichever issuer this installation uses. */
type Found = Readonly<{ tokens: Tokens; issuer: () => Promise<Issuer> }>;

/** Who is signed in. */
class Session implements Tokens {
  /** In whose name calls are made; set once it is known. */
  organization: string | null = null;
  private found: Promise<Found> | null = null;

  actFor(organization: string): void {
    this.organization = organization;
  }

  async token(options?: { fresh?: boolean }): Promise<string | null> {
    return (await this.find()).tokens.token(options);
  }

  /** To sign in or out, or to change the account: what that takes is loaded then. */
  async issuer(): Promise<Issuer> {
    return (await this.find()).issuer();
  }

  async signOut(): Promise<void> {
    await (await this.issuer()).signOut();
  }

  /** Asked once; again when the answer was lost. */
  private find(): Promise<Found> {
    this.found ??= find().catch((error: unknown) => {
      this.found = null;
      throw error;
    });
    return this.found;
  }
}

/** Supabase's client is loaded only where it is used. */
async function find(): Promise<Found> {
  const response = await fetch('/api/config');
  if (!response.ok) throw new Error(`The configuration cannot be read: ${response.status}`);
  const { auth } = (await response.json()) as PublicConfig;
  if (auth.provider === 'embedded') {
    const tokens = new EmbeddedTokens();
    const issuer = async () => new (await import('./auth/embedded-issuer')).EmbeddedIssuer(tokens);
    return { tokens, issuer };
  }
  const { SupabaseIssuer } = await import('./auth/supabase-issuer');
  const issuer = new SupabaseIssuer({
    url: auth.url,
    anonKey: auth.anon_key,
    confirmedUrl: `${location.origin}/overview`,
    resetUrl: `${location.origin}/reset-password`,
    detectsSession: location.pathname !== '/reset-password', // that page reads its link itself
  });
  return { tokens: issuer, issuer: () => Promise.resolve(issuer) };
}

export const session = new Session();
