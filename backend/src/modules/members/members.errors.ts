import { DomainError } from '../../kernel/domain-error.ts';

export class MemberNotFound extends DomainError {
  readonly code = 'member_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such member';
  constructor(id: string) {
    super('Choose one of the members of GET /api/members.', { user_id: id });
  }
}

export class LastOwner extends DomainError {
  readonly code = 'last_owner';
  readonly kind = 'conflict';
  readonly title = 'An organization needs an owner';
  constructor() {
    super('Make another member an owner first.');
  }
}

export class AlreadyMember extends DomainError {
  readonly code = 'already_member';
  readonly kind = 'conflict';
  readonly title = 'This person is a member already';
  constructor(email: string) {
    super('Change the role of a member with PATCH /api/members/{id}.', { email });
  }
}

export class InvitationNotFound extends DomainError {
  readonly code = 'invitation_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such invitation';
  constructor(id: string) {
    super('It was accepted or taken back. Choose one of GET /api/invitations.', { invitation_id: id });
  }
}

/** Says not why: whoever tries links learns nothing from it. */
export class InvitationGone extends DomainError {
  readonly code = 'invitation_gone';
  readonly kind = 'not-found';
  readonly title = 'This invitation does not work any more';
  constructor() {
    super('An invitation works once and for seven days, and may be taken back. Ask for a new one.');
  }
}

export class InvitationForAnother extends DomainError {
  readonly code = 'invitation_for_another';
  readonly kind = 'forbidden';
  readonly title = 'This invitation is for somebody else';
  constructor(email: string) {
    super('Sign in with the address that it was made for, or ask for an invitation to yours.', { email });
  }
}
