import { DomainError } from '../../kernel/domain-error.ts';
import type { Action, Role, Scope } from './permissions.ts';

export class Unauthenticated extends DomainError {
  readonly code = 'unauthenticated';
  readonly kind = 'unauthenticated';
  readonly title = 'Sign in first';
  constructor(options?: ErrorOptions) {
    super(
      'Send a valid access token as `Authorization: Bearer …`. Tokens live for a short time: get a new one.',
      {},
      options,
    );
  }
}

export class NotPermitted extends DomainError {
  readonly code = 'not_permitted';
  readonly kind = 'forbidden';
  readonly title = 'This is not permitted';
  /** @param who a person by his role, or a key by its scopes */
  constructor(who: Readonly<{ role: Role }> | Readonly<{ scopes: readonly Scope[] }>, action: Action) {
    super(
      'role' in who
        ? 'Ask an owner or admin of the organization to do it, or to change your role.'
        : 'Use a key that has this scope, or sign in as a person whose role allows it.',
      { ...who, action },
    );
  }
}

export class PersonRequired extends DomainError {
  readonly code = 'person_required';
  readonly kind = 'forbidden';
  readonly title = 'Only a person can do this';
  constructor() {
    super('It is about the person who asks, not about an organization. Sign in, and use the access token.');
  }
}

export class OperatorOnly extends DomainError {
  readonly code = 'operator_only';
  readonly kind = 'forbidden';
  readonly title = 'Only whoever runs this installation can do this';
  constructor() {
    super(
      'Sign in as a super_admin; `npm run admin -- grant <email>` on the server makes one. No API key can do this.',
    );
  }
}

export class OrganizationRequired extends DomainError {
  readonly code = 'organization_required';
  readonly kind = 'invalid';
  readonly title = 'Which organization?';
  constructor(count: number) {
    super(
      count === 0
        ? 'You belong to no organization yet: create one with POST /api/organizations.'
        : 'You belong to several organizations: name one in the header X-Org-Id.',
    );
  }
}

export class OrganizationNotFound extends DomainError {
  readonly code = 'organization_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such organization';
  constructor(detail = 'Use the id of one of your organizations, as GET /api/me lists them.') {
    super(detail);
  }
}

export class OrganizationSuspended extends DomainError {
  readonly code = 'organization_suspended';
  readonly kind = 'forbidden';
  readonly title = 'This organization is suspended';
  /** @param contact whom to ask, an address; undefined where the installation names nobody */
  constructor(reason: string, contact: string | undefined) {
    super(
      `Nothing can be changed or sent until it is let go on; what is queued waits, and what comes in is kept. Contact whoever runs this installation${contact ? `: ${contact}` : ''}. The reason: ${reason}`,
      { reason, contact: contact ?? null },
    );
  }
}

export class OrganizationDeleted extends DomainError {
  readonly code = 'organization_deleted';
  readonly kind = 'forbidden';
  readonly title = 'This organization was deleted';
  /** @param from when nothing of it will be left */
  constructor(from: Date) {
    super(
      `Nothing can be changed or sent any more. Until ${from.toISOString()} an owner can take it back with DELETE /api/organizations/current/deletion; then it is gone.`,
      { gone_from: from.toISOString() },
    );
  }
}

export class IssuerAway extends DomainError {
  readonly code = 'issuer_away';
  readonly kind = 'unavailable';
  readonly title = 'Sign-in cannot be checked at the moment';
  constructor(options?: ErrorOptions) {
    super('Nothing is wrong with your session. Try again in a moment.', {}, options);
  }
}
