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

/** Who waits to be let into a group is another than before. Followed by the live socket as `group.requests`. */
export const groupRequestsChanged = (
  organization: OrganizationId,
  { id, jid }: Readonly<{ id: string; jid: string }>,
): Fact => ({
  organization,
  type: 'group.requests',
  version: 1,
  subject: id,
  payload: { group_id: id, group_jid: jid },
});

/** What a number was to do with a group is done, or was given up. Followed by the live socket as `group.action`. */
export const groupActionEnded = (
  organization: OrganizationId,
  { id, session_id, kind, state }: Readonly<{ id: string; session_id: string; kind: string; state: string }>,
): Fact => ({
  organization,
  type: 'group.action',
  version: 1,
  subject: id,
  payload: { action_id: id, session_id, kind, state },
});
