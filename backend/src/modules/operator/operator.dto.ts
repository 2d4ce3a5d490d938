import { z } from 'zod';

/** Everything that whoever runs the installation leaves an entry of. */
export const OperatorAuditAction = z.enum([
  'super_admin.granted',
  'super_admin.revoked',
  'organization.looked_at',
  'organization.suspended',
  'organization.unsuspended',
  'conversation.looked_at',
]);
export type OperatorAuditAction = z.infer<typeof OperatorAuditAction>;
