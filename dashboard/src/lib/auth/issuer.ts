/** Why an issuer refused, in the words of the screen. */
export type AuthFault =
  | 'INVALID_EMAIL_OR_PASSWORD'
  | 'USER_ALREADY_EXISTS'
  | 'PASSWORD_TOO_SHORT'
  | 'PASSWORD_TOO_LONG'
  | 'WEAK_PASSWORD'
  | 'INVALID_EMAIL'
  | 'EMAIL_NOT_CONFIRMED'
  | 'SIGN_UP_CLOSED'
  | 'TOO_MANY_ATTEMPTS'
  | 'LINK_OVER'
  | 'UNKNOWN';

/** A refusal of the issuer. Anything else that is thrown means that it could not be asked. */
export class AuthError extends Error {
  constructor(readonly code: AuthFault) {
    super(code);
  }
}

/** What to tell a person about a failure, by its name in the catalogue; whatever has none is that nobody answered. */
export const faultCodeOf = (error: unknown): AuthFault | 'UNREACHABLE' =>
  error instanceof AuthError ? error.code : 'UNREACHABLE';

/** What proves who is signed in, with every call. */
export interface Tokens {
  /**
   * A token that holds for a while yet; `fresh` gets a new one in any case. Calls at the same time share one renewal.
   *
   * @returns null when nobody is signed in
   * @throws when the issuer cannot be asked, which says nothing about who is signed in
   */
  token(options?: { fresh?: boolean }): Promise<string | null>;
}

/** Who says who somebody is: the issuer inside Wasel, or Supabase Auth. */
export interface Issuer extends Tokens {
  /**
   * @returns `confirm-email` when the address has to be confirmed before the first sign-in
   * @throws AuthError
   */
  signUp(name: string, email: string, password: string): Promise<'signed-in' | 'confirm-email'>;

  /** @throws AuthError */
  signIn(email: string, password: string): Promise<void>;

  /**
   * Has a link mailed that leads to `/reset-password`, if there is such an account; resolves the same if there is none.
   *
   * @throws AuthError
   */
  askForPasswordReset(email: string): Promise<void>;

  /**
   * Sets a new password, and ends every session, that of this browser too.
   *
   * @param link what stands after `#` in the link of the mail
   * @throws AuthError `LINK_OVER` when it was used or has expired
   */
  resetPassword(link: string, password: string): Promise<void>;

  /** Has a link mailed to the new address; it holds when that was followed. @throws AuthError */
  changeEmail(email: string): Promise<void>;

  /** @param link what stands after `#` in the link of the mail @throws AuthError `LINK_OVER` */
  confirmEmail(link: string): Promise<void>;

  /** Ends the session of this browser only. */
  signOut(): Promise<void>;
}
