import type { OrganizationId } from '../../kernel/ids.ts';
import type { Fact } from '../../platform/facts/facts.ts';

/** What a group is, or who is in it, has changed. Followed by the live socket as `group.updated`. */
export const groupUpdated = (organization: OrganizationId, group: string): Fact => ({
  organization,
  type: 'group.updated',
  version: 1,
  subject: group,
  payload: { group_id: group },
});
