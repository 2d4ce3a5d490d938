import { z } from 'zod';

/** What a member is in one organization. */
export const Role = z.enum(['owner', 'admin', 'agent', 'viewer']);
export type Role = z.infer<typeof Role>;

/** Everything that a route or a button can ask for. */
export const ACTIONS = [
  'organization:read',
  'organization:update',
  'organization:leave',
  'members:read',
  'members:manage',
  'owners:manage',
  'audit:read',
  'sessions:read',
  'sessions:manage',
  'messages:read',
  'messages:send',
  'media:upload',
] as const;
export type Action = (typeof ACTIONS)[number];

const READ: readonly Action[] = [
  'organization:read',
  'organization:leave',
  'members:read',
  'sessions:read',
  'messages:read',
];
const WRITE: readonly Action[] = [...READ, 'messages:send', 'media:upload'];
const MANAGE: readonly Action[] = [...WRITE, 'sessions:manage', 'organization:update', 'members:manage', 'audit:read'];
const OWN: readonly Action[] = [...MANAGE, 'owners:manage'];

/** The one table of rights: guards, buttons and documentation read it, nobody compares roles elsewhere. */
export const PERMISSIONS: Readonly<Record<Role, readonly Action[]>> = {
  owner: OWN,
  admin: MANAGE,
  agent: WRITE,
  viewer: READ,
};

export const may = (role: Role, action: Action): boolean => PERMISSIONS[role].includes(action);
