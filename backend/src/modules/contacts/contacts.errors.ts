import { DomainError } from '../../kernel/domain-error.ts';

export class ContactNotFound extends DomainError {
  readonly code = 'contact_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such contact';
  constructor(id: string) {
    super('Choose one of the contacts of GET /api/contacts.', { contact_id: id });
  }
}

export class ContactExists extends DomainError {
  readonly code = 'contact_exists';
  readonly kind = 'conflict';
  readonly title = 'This number is a contact already';
  constructor(id: string) {
    super('Change that contact instead; its id is `contact_id`.', { contact_id: id });
  }
}

export class ContactsAlreadyOne extends DomainError {
  readonly code = 'contacts_already_one';
  readonly kind = 'conflict';
  readonly title = 'These are one contact already';
  constructor(id: string) {
    super('Choose two different people.', { contact_id: id });
  }
}

export class ContactMergeNotFound extends DomainError {
  readonly code = 'contact_merge_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such merge, or it is undone already';
  constructor(id: string) {
    super('Choose one of `merges` of GET /api/contacts/:id.', { merge_id: id });
  }
}

export class TagNotFound extends DomainError {
  readonly code = 'tag_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such tag';
  constructor(id: string) {
    super('Choose one of the tags of GET /api/contacts/tags.', { tag_id: id });
  }
}

export class ContactListNotFound extends DomainError {
  readonly code = 'contact_list_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such list';
  constructor(id: string) {
    super('Choose one of the lists of GET /api/contact-lists.', { contact_list_id: id });
  }
}

export class NameTaken extends DomainError {
  readonly code = 'name_taken';
  readonly kind = 'conflict';
  readonly title = 'Another one has this name';
  constructor(name: string) {
    super('Choose another name.', { name });
  }
}
