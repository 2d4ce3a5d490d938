import type { Fact } from '../../platform/facts/facts.ts';
import type { OrganizationId, UserId } from '../../kernel/ids.ts';

export const organizationCreated = (organization: OrganizationId, by: UserId): Fact => ({
  organization,
  type: 'organization.created',
  version: 1,
  subject: organization,
  payload: { user_id: by },
});
