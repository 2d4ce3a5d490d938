import { z } from 'zod';
import { Language } from '../../kernel/language.ts';
import { OrganizationId, UserId } from '../../kernel/ids.ts';
import { Role } from '../auth/permissions.dto.ts';

/** An IANA time zone that this runtime knows, as `Asia/Jerusalem`. */
export const TimeZone = z
  .string()
  .refine(isTimeZone, 'Choose a time zone from the list, as in Asia/Jerusalem.')
  .meta({ examples: ['Asia/Jerusalem'] });

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

export const CreateOrganization = z.object({
  name: z.string().trim().min(1, 'Give your organization a name.').max(100),
  /** ISO 3166-1 alpha-2, as `IL`. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'Choose a country.')
    .meta({ examples: ['IL'] }),
  language: Language,
  time_zone: TimeZone,
});
export type CreateOrganization = z.infer<typeof CreateOrganization>;

export const UpdateOrganization = CreateOrganization.partial();
export type UpdateOrganization = z.infer<typeof UpdateOrganization>;

/** The name of the organization, typed by whoever means it. */
export const DeleteOrganization = z.object({ name: z.string().min(1, 'Type the name of the organization.').max(200) });
export type DeleteOrganization = z.infer<typeof DeleteOrganization>;

export const OrganizationView = z.object({
  id: OrganizationId,
  name: z.string(),
  country: z.string(),
  language: Language,
  time_zone: z.string(),
  created_at: z.iso.datetime(),
  /** Set while whoever runs the installation has stopped it: nothing leaves and nothing can be changed. `reason` in words. */
  suspension: z.object({ reason: z.string(), suspended_at: z.iso.datetime() }).nullable(),
  /** Set when an owner deleted it: it can be taken back until `due_at`, and is gone then. */
  deletion: z.object({ requested_by: z.string(), requested_at: z.iso.datetime(), due_at: z.iso.datetime() }).nullable(),
});
export type OrganizationView = z.infer<typeof OrganizationView>;

/** The person who asks, with every organization that he belongs to; the first is the oldest. */
export const MeView = z.object({
  id: UserId,
  email: z.email(),
  name: z.string(),
  /** He runs this installation. */
  super_admin: z.boolean(),
  memberships: z.array(z.object({ organization: OrganizationView, role: Role })),
});
export type MeView = z.infer<typeof MeView>;

export const UpdateMe = z.object({ name: z.string().trim().min(1, 'Tell us what to call you.').max(100) });
export type UpdateMe = z.infer<typeof UpdateMe>;
