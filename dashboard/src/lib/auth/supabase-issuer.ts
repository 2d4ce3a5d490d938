import {
  type AuthError as SupabaseError,
  GoTrueClient,
  isAuthRetryableFetchError,
  isAuthSessionMissingError,
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
  same_password: 'WEAK_PASSWORD',
  otp_expired: 'LINK_OVER',
  session_not_found: 'LINK_OVER',
  bad_jwt: 'LINK_OVER',
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
  /** Where a link to a new password leads back to. */
  resetUrl: string;
  /** Whether a session that a link brings in the address is taken; by default it is. */
  detectsSession?: boolean;
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
    const { url, anonKey, storage, detectsSession = true } = options;
    this.client = new GoTrueClient({
      url: `${url.replace(/\/$/, '')}/auth/v1`,
      headers: { apikey: anonKey },
      storageKey: STORAGE_KEY,
      detectSessionInUrl: detectsSession,
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

  async askForPasswordReset(email: string): Promise<void> {
    const { error } = await this.client.resetPasswordForEmail(email, { redirectTo: this.options.resetUrl });
    if (error) throw refusal(error);
  }

  /** Supabase's link brings a session, or says that it is over: `error_code`. */
  async resetPassword(link: string, password: string): Promise<void> {
    const said = new URLSearchParams(link);
    const [accessToken, refreshToken] = [said.get('access_token'), said.get('refresh_token')];
    if (!accessToken || !refreshToken) throw new AuthError('LINK_OVER');
    const entered = await this.client.setSession({ access_token: accessToken, refresh_token: refreshToken });
    // Its client says nothing of why a session is gone.
    if (isAuthSessionMissingError(entered.error)) throw new AuthError('LINK_OVER');
    if (entered.error) throw refusal(entered.error);
    const { error } = await this.client.updateUser({ password });
    if (error) throw refusal(error);
    const { error: left } = await this.client.signOut({ scope: 'global' });
    if (left) throw refusal(left);
  }

  /** Supabase confirms by links of its own, to the new address and, where the project says so, to the old one. */
  async changeEmail(email: string): Promise<void> {
    const { error } = await this.client.updateUser({ email }, { emailRedirectTo: this.options.confirmedUrl });
    if (error) throw refusal(error);
  }

  /** Never here: Supabase's links lead to Supabase. */
  async confirmEmail(): Promise<void> {
    throw new AuthError('LINK_OVER');
  }

  async signOut(): Promise<void> {
    const { error } = await this.client.signOut({ scope: 'local' });
    if (error) throw error;
  }
}

/** What could not be asked stays what it is. */
const refusal = (error: SupabaseError): Error =>
  isAuthRetryableFetchError(error) ? error : new AuthError(FAULTS[error.code ?? ''] ?? 'UNKNOWN');
