import { z } from 'zod';
import { ContactId } from '../../kernel/ids.ts';

/** A person. The phone is null while WhatsApp has told us only a privacy address. */
export const ContactView = z.object({
  id: ContactId,
  phone_number: z.string().nullable(),
  name: z.string().nullable(),
});
export type ContactView = z.infer<typeof ContactView>;
