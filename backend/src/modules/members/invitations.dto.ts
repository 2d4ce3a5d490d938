import { z } from 'zod';
import { InvitationId, OrganizationId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import { Role } from '../auth/permissions.dto.ts';

export const CreateInvitation = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254)
    .meta({ examples: ['dana@example.com'] })
    .pipe(z.email('Give the e-mail address of one person.')),
  role: Role,
});
export type CreateInvitation = z.infer<typeof CreateInvitation>;

/** An invitation that still stands, or would if it had not expired. */
export const InvitationView = z.object({
  id: InvitationId,
  email: z.string(),
  role: Role,
  /** The inviter's address, as it was then. */
  invited_by: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
export type InvitationView = z.infer<typeof InvitationView>;

export const InvitationPage = pageOf(InvitationView);

/** The one answer that has the link: `<dashboard>/join#<token>`. Pass it on to the person; it works once. */
export const CreatedInvitation = InvitationView.extend({ link: z.url() });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

/** What comes after `#` in the link. It travels in bodies only: addresses are logged on their way. */
export const InvitationToken = z.object({ token: z.string().min(1).max(100) });
export type InvitationToken = z.infer<typeof InvitationToken>;

/** What somebody is asked to join, before he has signed in. */
export const InvitationPreview = InvitationView.pick({
  email: true,
  role: true,
  invited_by: true,
  expires_at: true,
}).extend({ organization_name: z.string() });
export type InvitationPreview = z.infer<typeof InvitationPreview>;

export const AcceptedInvitation = z.object({ organization_id: OrganizationId, role: Role });
export type AcceptedInvitation = z.infer<typeof AcceptedInvitation>;
