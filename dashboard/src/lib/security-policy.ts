/** What a page may load and call, and from where. */
export type PolicySettings = Readonly<{
  nonce: string;
  /** React explains errors by `eval` there. */
  development: boolean;
  /** Where people sign in, if it is not here. */
  supabaseUrl: string | undefined;
}>;

/**
 * The Content-Security-Policy of a page. Scripts run that carry the nonce of this very answer, and what they load; an inline
 * script that somebody smuggled in has none. Styles may be inline: React writes them, and they run nothing.
 */
export function securityPolicy({ nonce, development, supabaseUrl }: PolicySettings): string {
  const issuer = supabaseUrl && URL.canParse(supabaseUrl) ? ` ${new URL(supabaseUrl).origin}` : '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self'${issuer}${development ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
