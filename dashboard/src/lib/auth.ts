import type { PublicConfig } from '@wasel/backend/contract';
import { EmbeddedIssuer } from './auth/embedded-issuer';
import type { Issuer } from './auth/issuer';

export { AuthError, faultCodeOf } from './auth/issuer';

/** Who is signed in, whichever issuer this installation uses. */
class Session implements Issuer {
  /** In whose name calls are made; set once it is known. */
  organization: string | null = null;
  private found: Promise<Issuer> | null = null;

  actFor(organization: string): void {
    this.organization = organization;
  }

  async token(options?: { fresh?: boolean }): Promise<string | null> {
    return (await this.issuer()).token(options);
  }

  async signUp(name: string, email: string, password: string): Promise<'signed-in' | 'confirm-email'> {
    return (await this.issuer()).signUp(name, email, password);
  }

  async signIn(email: string, password: string): Promise<void> {
    await (await this.issuer()).signIn(email, password);
  }

  async signOut(): Promise<void> {
    await (await this.issuer()).signOut();
  }

  async askForPasswordReset(email: string): Promise<void> {
    await (await this.issuer()).askForPasswordReset(email);
  }

  async resetPassword(link: string, password: string): Promise<void> {
    await (await this.issuer()).resetPassword(link, password);
  }

  async changeEmail(email: string): Promise<void> {
    await (await this.issuer()).changeEmail(email);
  }

  async confirmEmail(link: string): Promise<void> {
    await (await this.issuer()).confirmEmail(link);
  }

  /** Asked once; again when the answer was lost. */
  private issuer(): Promise<Issuer> {
    this.found ??= findIssuer().catch((error: unknown) => {
      this.found = null;
      throw error;
    });
    return this.found;
  }
}

/** Supabase's client is loaded only where it is used. */
async function findIssuer(): Promise<Issuer> {
  const response = await fetch('/api/config');
  if (!response.ok) throw new Error(`The configuration cannot be read: ${response.status}`);
  const { auth } = (await response.json()) as PublicConfig;
  if (auth.provider === 'embedded') return new EmbeddedIssuer();
  const { SupabaseIssuer } = await import('./auth/supabase-issuer');
  return new SupabaseIssuer({
    url: auth.url,
    anonKey: auth.anon_key,
    confirmedUrl: `${location.origin}/overview`,
    resetUrl: `${location.origin}/reset-password`,
    detectsSession: location.pathname !== '/reset-password', // that page reads its link itself
  });
}

export const session = new Session();
