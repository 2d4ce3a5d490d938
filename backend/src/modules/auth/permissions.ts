/** What a member is in one organization. */
export const ROLES = ['owner', 'admin', 'agent', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Everything that a route or a button can ask for. */
export const ACTIONS = [
  'organization:read',
  'organization:update',
  'organization:leave',
  'organization:export',
  'organization:delete',
  'members:read',
  'members:manage',
  'owners:manage',
  'api_keys:manage',
  'audit:read',
  'alerts:read',
  'alerts:acknowledge',
  'alerts:subscribe',
  'alerts:manage',
  'webhooks:manage',
  'sessions:read',
  'sessions:manage',
  'contacts:read',
  'contacts:write',
  'groups:read',
  'groups:manage',
  'messages:read',
  'messages:send',
  'messages:send_bulk',
  'broadcasts:read',
  'broadcasts:send',
  'media:upload',
  'templates:read',
  'templates:manage',
  'automations:read',
  'automations:manage',
  'events:write',
] as const;
export type Action = (typeof ACTIONS)[number];

const LOOK: readonly Action[] = [
  'organization:read',
  'members:read',
  'sessions:read',
  'contacts:read',
  'groups:read',
  'messages:read',
  'broadcasts:read',
  'templates:read',
  'automations:read',
  'alerts:read',
];
const READ: readonly Action[] = [...LOOK, 'organization:leave', 'alerts:subscribe'];
const WRITE: readonly Action[] = [...READ, 'contacts:write', 'messages:send', 'media:upload', 'alerts:acknowledge'];
const MANAGE: readonly Action[] = [
  ...WRITE,
  'messages:send_bulk',
  'broadcasts:send',
  'templates:manage',
  'automations:manage',
  'events:write',
  'groups:manage',
  'sessions:manage',
  'organization:update',
  'members:manage',
  'api_keys:manage',
  'audit:read',
  'alerts:manage',
  'webhooks:manage',
];
const OWN: readonly Action[] = [...MANAGE, 'owners:manage', 'organization:export', 'organization:delete'];

/** The one table of rights: guards, buttons and documentation read it, nobody compares roles elsewhere. */
export const PERMISSIONS: Readonly<Record<Role, readonly Action[]>> = {
  owner: OWN,
  admin: MANAGE,
  agent: WRITE,
  viewer: READ,
};

export const may = (role: Role, action: Action): boolean => PERMISSIONS[role].includes(action);

/**
 * What whoever runs the installation (a super_admin) can do, in no organization's name. No role has any of it, and no key is
 * given it.
 */
export const OPERATOR_ACTIONS = ['operator:read', 'operator:suspend', 'operator:read_messages'] as const;
export type OperatorAction = (typeof OPERATOR_ACTIONS)[number];

export const isOperatorAction = (asked: string): asked is OperatorAction =>
  (OPERATOR_ACTIONS as readonly string[]).includes(asked);

/**
 * What a key can be given: an action, or, with `read`, a look at everything that a viewer sees. Who belongs here, and which
 * keys there are, people decide.
 */
export const SCOPES = [
  'read',
  'organization:read',
  'organization:update',
  'members:read',
  'audit:read',
  'alerts:read',
  'alerts:acknowledge',
  'webhooks:manage',
  'sessions:read',
  'sessions:manage',
  'contacts:read',
  'contacts:write',
  'groups:read',
  'groups:manage',
  'messages:read',
  'messages:send',
  'messages:send_bulk',
  'broadcasts:read',
  'broadcasts:send',
  'media:upload',
  'templates:read',
  'templates:manage',
  'automations:read',
  'automations:manage',
  'events:write',
] as const satisfies readonly ('read' | Action)[];
export type Scope = (typeof SCOPES)[number];

export const scopesAllow = (scopes: readonly Scope[], action: Action): boolean =>
  (scopes as readonly string[]).includes(action) || (scopes.includes('read') && LOOK.includes(action));
