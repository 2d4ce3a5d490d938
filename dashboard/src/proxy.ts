import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { securityPolicy } from '@/lib/security-policy';

/** Voice messages are recorded here; nothing else of the machine is asked for, by us or by what somebody smuggled in. */
const PERMISSIONS = 'microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()';

/**
 * Gives every page a policy with a nonce of its own, which Next puts on its scripts. No page is the poorer for it: each is
 * rendered for who asks anyway, in his language and theme.
 */
export function proxy(request: NextRequest): NextResponse {
  const policy = securityPolicy({
    nonce: randomBytes(16).toString('base64'),
    development: process.env.NODE_ENV === 'development',
    supabaseUrl: process.env.SUPABASE_URL,
  });
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('permissions-policy', PERMISSIONS);
  response.headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  return response;
}

/** Pages; not the files that they are made of. */
export const config = { matcher: '/((?!_next/static|_next/image|icon.svg).*)' };
