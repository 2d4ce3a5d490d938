import { z } from 'zod';

/**
 * What a browser must know before anybody has signed in. `auth.provider` says which sign-in form to show: the issuer
 * inside Wasel, or Supabase Auth with the project's public key.
 */
export const PublicConfig = z.object({
  version: z.string(),
  auth: z.discriminatedUnion('provider', [
    z.object({ provider: z.literal('embedded') }),
    z.object({ provider: z.literal('supabase'), url: z.url(), anon_key: z.string() }),
  ]),
  /** What becomes of mails: they are sent, shown at `/mailbox` instead, or nothing. */
  mail: z.enum(['sent', 'mailbox', 'none']),
  /** Whom to ask when an organization is suspended; null where the installation names nobody. */
  operator_email: z.string().nullable(),
  /** How many days an organization that was deleted can be taken back. */
  deletion_grace_days: z.number(),
  /** Set when the numbers of this process live in the sandbox: where its virtual phones are. */
  sandbox: z.object({ phones_url: z.url() }).nullable(),
});
export type PublicConfig = z.infer<typeof PublicConfig>;
