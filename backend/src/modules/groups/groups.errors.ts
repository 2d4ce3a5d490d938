import { DomainError } from '../../kernel/domain-error.ts';

export class GroupNotFound extends DomainError {
  readonly code = 'group_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such group';
  constructor(jid: string) {
    super('Choose one of the groups of GET /api/groups. A group is there once a linked number is in it.', { jid });
  }
}

export class GroupPictureNotFound extends DomainError {
  readonly code = 'group_picture_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no picture of this group';
  /** @param wanted a number is asking WhatsApp */
  constructor(jid: string, wanted: boolean) {
    super(
      wanted
        ? 'Nobody has looked at it yet. A number in the group does now: ask again in some seconds, or when `group.updated` tells of it.'
        : 'It has none, or WhatsApp does not show it to your numbers.',
      { jid, wanted },
    );
  }
}

export class GroupActionNotFound extends DomainError {
  readonly code = 'group_action_not_found';
  readonly kind = 'not-found';
  readonly title = 'Nothing like this was asked for';
  constructor(id: string) {
    super('What was asked for is kept for 90 days.', { action_id: id });
  }
}

export class GroupAdditionNotFound extends DomainError {
  readonly code = 'group_addition_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such addition';
  constructor(id: string) {
    super('Choose one of GET /api/groups/additions.', { addition_id: id });
  }
}

export class GroupAdditionOver extends DomainError {
  readonly code = 'group_addition_over';
  readonly kind = 'conflict';
  readonly title = 'This addition is in no state for that';
  constructor(state: string) {
    super('What runs can be paused, what is paused resumed; what has ended stays as it is.', { state });
  }
}

export class NotInGroup extends DomainError {
  readonly code = 'not_in_group';
  readonly kind = 'conflict';
  readonly title = 'This number is not in the group';
  constructor() {
    super('Have somebody add it, or join by the link of the group. Another number of yours may be in it.');
  }
}

export class GroupAdminRequired extends DomainError {
  readonly code = 'group_admin_required';
  readonly kind = 'forbidden';
  readonly title = 'Only admins of this group may do that';
  constructor() {
    super('Have an admin of the group make this number one, too.');
  }
}

export class GroupIsCommunity extends DomainError {
  readonly code = 'group_is_community';
  readonly kind = 'conflict';
  readonly title = 'This group only holds a community together';
  constructor() {
    super('Do it in one of the groups of the community. Who is in one of them is in the community.');
  }
}

export class GroupRateLimited extends DomainError {
  readonly code = 'group_rate_limited';
  readonly kind = 'limit';
  readonly title = 'WhatsApp lets this number change no more groups for now';
  constructor() {
    super(
      'It was tried for a minute. Wait a while, and do less at a time: WhatsApp restricts numbers that do much at once.',
    );
  }
}

export class GroupGone extends DomainError {
  readonly code = 'group_gone';
  readonly kind = 'not-found';
  readonly title = 'WhatsApp knows this group no more';
  constructor() {
    super('It was ended, or never was.');
  }
}

export class GroupLinkInvalid extends DomainError {
  readonly code = 'group_link_invalid';
  readonly kind = 'invalid';
  readonly title = 'This link leads to no group';
  constructor() {
    super('Links end when an admin resets them. Ask for the present one.');
  }
}

export class GroupEntryRefused extends DomainError {
  readonly code = 'group_entry_refused';
  readonly kind = 'forbidden';
  readonly title = 'The group does not let this number in';
  constructor() {
    super('It was removed from it, or may not join by the link. Ask an admin to add it.');
  }
}

export class GroupFull extends DomainError {
  readonly code = 'group_full';
  readonly kind = 'conflict';
  readonly title = 'The group is full';
  constructor() {
    super('WhatsApp takes 1,024 people in a group. Remove some, or make another group.');
  }
}

export class GroupRefusedByWhatsApp extends DomainError {
  readonly code = 'group_refused';
  readonly kind = 'conflict';
  readonly title = 'WhatsApp does not do this';
  constructor(whatsappCode: number) {
    super(`WhatsApp answered ${whatsappCode}. Look whether the group is as you know it, and try again.`, {
      whatsapp_code: whatsappCode,
    });
  }
}

export class GroupActionInterrupted extends DomainError {
  readonly code = 'group_action_interrupted';
  readonly kind = 'unavailable';
  readonly title = 'Nobody knows whether this was done';
  constructor() {
    super('The connection went while WhatsApp was at it. Look at your list of groups before you do it again.');
  }
}
