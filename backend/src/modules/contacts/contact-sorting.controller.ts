import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ContactListId, type OrganizationId, TagId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  ChangeContactList,
  ContactListPage,
  ContactListView,
  NameContactList,
  RenameTag,
  TagPage,
  TagView,
} from './contacts.dto.ts';
import { ContactSortingService } from './contact-sorting.service.ts';

const TagParams = z.object({ id: TagId });
type TagParams = z.infer<typeof TagParams>;
const ListParams = z.object({ id: ContactListId });
type ListParams = z.infer<typeof ListParams>;

@ApiTags('Contacts')
@Controller('contact-tags')
export class ContactTagsController {
  constructor(private readonly sorting: ContactSortingService) {}

  @Get()
  @Requires('contacts:read')
  @Answers(TagPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.sorting.tags(organization), next_cursor: null };
  }

  @Patch(':id')
  @Requires('contacts:write')
  @Answers(TagView)
  rename(
    @CurrentCaller() caller: Caller,
    @Param({ schema: TagParams }) { id }: TagParams,
    @Body({ schema: RenameTag }) { name }: RenameTag,
  ) {
    return this.sorting.renameTag(caller, id, name);
  }

  /** Takes it from all contacts that have it. */
  @Delete(':id')
  @Requires('contacts:write')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Param({ schema: TagParams }) { id }: TagParams) {
    return this.sorting.deleteTag(caller, id);
  }
}

@ApiTags('Contacts')
@Controller('contact-lists')
export class ContactListsController {
  constructor(private readonly sorting: ContactSortingService) {}

  @Get()
  @Requires('contacts:read')
  @Answers(ContactListPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.sorting.lists(organization), next_cursor: null };
  }

  @Post()
  @Requires('contacts:write')
  @Answers(ContactListView, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: NameContactList }) { name }: NameContactList) {
    return this.sorting.createList(caller, name);
  }

  @Patch(':id')
  @Requires('contacts:write')
  @Answers(ContactListView)
  rename(
    @CurrentCaller() caller: Caller,
    @Param({ schema: ListParams }) { id }: ListParams,
    @Body({ schema: NameContactList }) { name }: NameContactList,
  ) {
    return this.sorting.renameList(caller, id, name);
  }

  /** The contacts stay. */
  @Delete(':id')
  @Requires('contacts:write')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Param({ schema: ListParams }) { id }: ListParams) {
    return this.sorting.deleteList(caller, id);
  }

  /** Puts contacts into the list, and takes others out. */
  @Patch(':id/contacts')
  @Requires('contacts:write')
  @Answers(ContactListView)
  change(
    @CurrentCaller() caller: Caller,
    @Param({ schema: ListParams }) { id }: ListParams,
    @Body({ schema: ChangeContactList }) change: ChangeContactList,
  ) {
    return this.sorting.changeList(caller, id, change);
  }
}
