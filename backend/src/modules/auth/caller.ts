import { isIP } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { ApiKeyId, OrganizationId, UserId } from '../../kernel/ids.ts';
import type { Role } from './permissions.ts';

/** Who asks, as his token says. */
export type User = Readonly<{ id: UserId; email: string; name: string }>;

/** What keeps an organization from going on; both null while it does. */
export type Standing = Readonly<{
  /** Why whoever runs the installation stopped it. */
  suspendedBecause: string | null;
  /** When it will be gone, because an owner deleted it. */
  deletedFrom: Date | null;
}>;

/** The columns of a standing, of a row that has an organization_id, and what to join for them. */
export const STANDING_COLUMNS = 's.reason as suspended_because, d.due_at as deleted_from';
export const JOIN_STANDING = `left join private.organization_suspensions s using (organization_id)
  left join (select organization_id, due_at from private.organization_deletions where completed_at is null) d
    using (organization_id)`;
export type StandingRow = { suspended_because: string | null; deleted_from: Date | null };
export const standingOf = (row: StandingRow): Standing => ({
  suspendedBecause: row.suspended_because,
  deletedFrom: row.deleted_from,
});

/** In which organization's name, and as what. */
export type Member = Readonly<{
  organization: OrganizationId;
  role: Role;
  standing: Standing;
}>;

/** Who does something. `name` is what he is called today: a person's address, a key's name. */
export type Actor =
  | Readonly<{ type: 'user'; id: UserId; name: string }>
  | Readonly<{ type: 'key'; id: ApiKeyId; name: string }>
  | Readonly<{ type: 'system'; id: null; name: string }>;

/** Somebody who acts in an organization's name, and from where; `address` is null where nobody called. */
export type Caller = Readonly<{ organization: OrganizationId; actor: Actor; address: string | null }>;

/** A request as the guard leaves it. */
export type CallerRequest = Request & { user?: User; caller?: Caller };

/** A person as the one who acts. */
export const personIn = (organization: OrganizationId, { id, email }: User, address: string | null): Caller => ({
  organization,
  actor: { type: 'user', id, name: email },
  address,
});

/** Wasel itself, where no request is behind what it does. */
export const systemIn = (organization: OrganizationId): Caller => ({
  organization,
  actor: { type: 'system', id: null, name: 'Wasel' },
  address: null,
});

const required = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`This route takes no ${what}: its requirement does not provide one.`);
  return value;
};

const requestOf = (context: ExecutionContext): CallerRequest => context.switchToHttp().getRequest<CallerRequest>();

/** The person who asks. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): User =>
  required(requestOf(context).user, 'user'),
);

/** The organization in whose name is asked; that the caller may is proven. */
export const Organization = createParamDecorator(
  (_: unknown, context: ExecutionContext): OrganizationId =>
    required(requestOf(context).caller, 'organization').organization,
);

/** Who asks, in whose name: for what changes something, so that it can be said afterwards who did. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  required(requestOf(context).caller, 'organization'),
);

/** Where the request comes from, as far as it can be told. */
export const Address = createParamDecorator((_: unknown, context: ExecutionContext): string | null =>
  addressOf(requestOf(context)),
);

/** An IP address, without IPv6's clothes around one of IPv4. Null for what a proxy passed on that is none. */
export function addressOf({ ip }: Pick<Request, 'ip'>): string | null {
  const address = ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  return isIP(address) ? address : null;
}
