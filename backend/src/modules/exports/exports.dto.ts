import { z } from 'zod';

/** Where everything of an organization can be fetched as a ZIP file, once or several times, until `expires_at`. */
export const ExportLink = z.object({
  /** A signed link of this API that needs no further credentials. */
  url: z.string(),
  expires_at: z.iso.datetime(),
});
export type ExportLink = z.infer<typeof ExportLink>;
