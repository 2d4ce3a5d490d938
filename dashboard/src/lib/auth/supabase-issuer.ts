import {
  type AuthError as SupabaseError,
  GoTrueClient,
  isAuthRetryableFetchError,
  type SupportedStorage,
} from '@supabase/auth-js';
import { AuthError, type AuthFault, type Issuer } from './issuer.ts';

/** Refusals of Supabase Auth. Source: supabase.com/docs/guides/auth/debugging/error-codes, read November 2026. */
const FAULTS: Readonly<Record<string, AuthFault>> = {
  invalid_credentials: 'INVALID_EMAIL_OR_PASSWORD',
  user_already_exists: 'USER_ALREADY_EXISTS',
  email_exists: 'USER_ALREADY_EXISTS',
  weak_password: 'WEAK_PASSWORD',
  email_address_invalid: 'INVALID_EMAIL',
  email_not_confirmed: 'EMAIL_NOT_CONFIRMED',
  signup_disabled: 'SIGN_UP_CLOSED',
  email_provider_disabled: 'SIGN_UP_CLOSED',
  over_request_rate_limit: 'TOO_MANY_ATTEMPTS',
  over_email_send_rate_limit: 'TOO_MANY_ATTEMPTS',
};

const TOO_MANY_REQUESTS = 429;
const STORAGE_KEY = 'wasel-supabase-session';

export type SupabaseOptions = {
  /** The project, as `https://<ref>.supabase.co`. */
  url: string;
  anonKey: string;
  /** Where a link that confirms an address leads back to. */
  confirmedUrl: string;
  /** Keeps the session over a reload; the browser's localStorage when there is none given. */
  storage?: SupportedStorage;
};

/**
 * Supabase Auth. It sets no cookie for us, so that its client keeps the session where Supabase keeps it, in localStorage,
 * and shares one renewal between the tabs.
 */
export class SupabaseIssuer implements Issuer {
  private readonly client: GoTrueClient;

  constructor(private readonly options: SupabaseOptions) {
    const { url, anonKey, storage } = options;
    this.client = new GoTrueClient({
      url: `${url.replace(/\/$/, '')}/auth/v1`,
      headers: { apikey: anonKey },
      storageKey: STORAGE_KEY,
      autoRefreshToken: false, // whoever needs a token asks, and it is renewed then
      ...(storage ? { storage } : {}),
    });
  }

  async token({ fresh = false } = {}): Promise<string | null> {
    const { data, error } = fresh ? await this.client.refreshSession() : await this.client.getSession();
    if (error && (isAuthRetryableFetchError(error) || error.status === TOO_MANY_REQUESTS)) throw error;
    return data.session?.access_token ?? null;
  }

  async signUp(name: string, email: string, password: string): Promise<'signed-in' | 'confirm-email'> {
    const { data, error } = await this.client.signUp({
      email,
      password,
      options: { data: { full_name: name }, emailRedirectTo: this.options.confirmedUrl },
    });
    if (error) throw refusal(error);
    return data.session ? 'signed-in' : 'confirm-email';
  }

  async signIn(email: string, password: string): Promise<void> {
    const { error } = await this.client.signInWithPassword({ email, password });
    if (error) throw refusal(error);
  }

  async signOut(): Promise<void> {
    const { error } = await this.client.signOut({ scope: 'local' });
    if (error) throw error;
  }
}

/** What could not be asked stays what it is. */
const refusal = (error: SupabaseError): Error =>
  isAuthRetryableFetchError(error) ? error : new AuthError(FAULTS[error.code ?? ''] ?? 'UNKNOWN');
