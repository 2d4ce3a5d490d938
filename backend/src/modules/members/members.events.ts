import type { OrganizationId, UserId } from '../../kernel/ids.ts';
import type { Fact } from '../../platform/facts/facts.ts';
import type { Role } from '../auth/permissions.ts';

const about = (type: string, organization: OrganizationId, user: UserId, role?: Role): Fact => ({
  organization,
  type,
  version: 1,
  subject: user,
  payload: { user_id: user, ...(role === undefined ? {} : { role }) },
});

export const memberJoined = (organization: OrganizationId, user: UserId, role: Role): Fact =>
  about('member.joined', organization, user, role);

/** What somebody may do has changed: the live socket lets him in anew. */
export const memberRoleChanged = (organization: OrganizationId, user: UserId, role: Role): Fact =>
  about('member.role_changed', organization, user, role);

/** Somebody left or was removed: the live socket tells him nothing more. */
export const memberRemoved = (organization: OrganizationId, user: UserId): Fact =>
  about('member.removed', organization, user);
