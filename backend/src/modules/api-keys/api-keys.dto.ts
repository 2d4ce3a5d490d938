import { z } from 'zod';
import { ApiKeyId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import { Scope } from '../auth/permissions.dto.ts';

export const CreateApiKey = z.object({
  name: z.string().trim().min(1, 'Give the key a name, as that of the program that uses it.').max(60),
  scopes: z.array(Scope).min(1, 'Choose what the key may do.').max(Scope.options.length),
  /** Without it the key works until it is revoked. */
  expires_at: z.iso.datetime().optional(),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

/** A key that was not revoked. */
export const ApiKeyView = z.object({
  id: ApiKeyId,
  name: z.string(),
  /** The last characters of the key, to tell it from others. */
  hint: z.string(),
  scopes: z.array(Scope),
  /** The maker's address, as it was then. */
  created_by: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  /** To the minute; null until it is used. */
  last_used_at: z.iso.datetime().nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const ApiKeyPage = pageOf(ApiKeyView);

/** The one answer that has the key, to be sent as `Authorization: Bearer wsl_…`. It is kept nowhere. */
export const CreatedApiKey = ApiKeyView.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;
