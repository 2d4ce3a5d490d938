import { z } from 'zod';
import { pageOf } from '../../kernel/page.ts';

/** A mail that would have been sent if there were a mail server. */
export const MailboxMail = z.object({
  id: z.uuid(),
  to: z.string(),
  subject: z.string(),
  /** The plain part. */
  text: z.string(),
  created_at: z.iso.datetime(),
});
export type MailboxMail = z.infer<typeof MailboxMail>;

export const MailboxPage = pageOf(MailboxMail);
export type MailboxPage = z.infer<typeof MailboxPage>;
