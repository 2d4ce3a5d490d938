import type { Fact } from '../../platform/facts/facts.ts';
import type { OrganizationId, UserId } from '../../kernel/ids.ts';

export const organizationCreated = (organization: OrganizationId, by: UserId): Fact => ({
  organization,
  type: 'organization.created',
  version: 1,
  subject: organization,
  payload: { user_id: by },
});

/** Whoever runs the installation stopped the organization, or said of one that is stopped why. Followed by the live socket. */
export const organizationSuspended = (organization: OrganizationId): Fact => ({
  organization,
  type: 'organization.suspended',
  version: 1,
  subject: organization,
  payload: { organization_id: organization },
});

/** The organization goes on. Followed by the live socket. */
export const organizationUnsuspended = (organization: OrganizationId): Fact => ({
  ...organizationSuspended(organization),
  type: 'organization.unsuspended',
});

/** An owner deleted the organization: it will be gone, if nobody takes it back. Followed by the live socket. */
export const organizationDeleted = (organization: OrganizationId): Fact => ({
  ...organizationSuspended(organization),
  type: 'organization.deletion_requested',
});

/** An owner took the organization back. Followed by the live socket. */
export const organizationRestored = (organization: OrganizationId): Fact => ({
  ...organizationSuspended(organization),
  type: 'organization.restored',
});
