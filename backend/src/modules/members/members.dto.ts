import { z } from 'zod';
import { UserId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import { Role } from '../auth/permissions.dto.ts';

/** A person in the organization; `id` is the person's own. */
export const MemberView = z.object({
  id: UserId,
  email: z.string(),
  name: z.string(),
  role: Role,
  joined_at: z.iso.datetime(),
});
export type MemberView = z.infer<typeof MemberView>;

export const MemberPage = pageOf(MemberView);

export const UpdateMember = z.object({ role: Role });
export type UpdateMember = z.infer<typeof UpdateMember>;
