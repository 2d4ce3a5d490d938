import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ContactId, ContactMergeId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  CheckNumbers,
  ContactDayNamePage,
  ContactDetail,
  ContactPage,
  CreateContact,
  ListContacts,
  MergeContact,
  NumberCheckResult,
  SetDays,
  SetTags,
  UpdateContact,
} from './contacts.dto.ts';
import { ContactsService } from './contacts.service.ts';
import { NumberCheckService } from './number-check.service.ts';

const ContactParams = z.object({ id: ContactId });
type ContactParams = z.infer<typeof ContactParams>;
const MergeParams = z.object({ id: ContactMergeId });
type MergeParams = z.infer<typeof MergeParams>;

@ApiTags('Contacts')
@Controller('contacts')
export class ContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly checks: NumberCheckService,
  ) {}

  @Get()
  @Requires('contacts:read')
  @Answers(ContactPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListContacts }) query: ListContacts) {
    return this.contacts.list(organization, query);
  }

  @Post()
  @Requires('contacts:write')
  @Answers(ContactDetail, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: CreateContact }) contact: CreateContact) {
    return this.contacts.create(caller, contact);
  }

  /** Whether numbers are on WhatsApp, and under which number. What is not known yet is asked, and waited for three seconds. */
  @Post('check')
  @HttpCode(200)
  @Requires('contacts:write')
  @Answers(NumberCheckResult)
  check(@Organization() organization: OrganizationId, @Body({ schema: CheckNumbers }) numbers: CheckNumbers) {
    return this.checks.check(organization, numbers);
  }

  /** Makes two contacts of one that was merged, with all that was said since. */
  @Post('merges/:id/undo')
  @HttpCode(200)
  @Requires('contacts:write')
  @Answers(ContactDetail)
  undoMerge(@CurrentCaller() caller: Caller, @Param({ schema: MergeParams }) { id }: MergeParams) {
    return this.contacts.undoMerge(caller, id);
  }

  @Get(':id')
  @Requires('contacts:read')
  @Answers(ContactDetail)
  get(@Organization() organization: OrganizationId, @Param({ schema: ContactParams }) { id }: ContactParams) {
    return this.contacts.get(organization, id);
  }

  @Patch(':id')
  @Requires('contacts:write')
  @Answers(ContactDetail)
  update(
    @CurrentCaller() caller: Caller,
    @Param({ schema: ContactParams }) { id }: ContactParams,
    @Body({ schema: UpdateContact }) fields: UpdateContact,
  ) {
    return this.contacts.update(caller, id, fields);
  }

  @Put(':id/tags')
  @Requires('contacts:write')
  @Answers(ContactDetail)
  setTags(
    @CurrentCaller() caller: Caller,
    @Param({ schema: ContactParams }) { id }: ContactParams,
    @Body({ schema: SetTags }) { tags }: SetTags,
  ) {
    return this.contacts.setTags(caller, id, tags);
  }

  /** All days of a contact that come back every year, as his birthday; automations act on them. */
  @Put(':id/days')
  @Requires('contacts:write')
  @Answers(ContactDetail)
  setDays(
    @CurrentCaller() caller: Caller,
    @Param({ schema: ContactParams }) { id }: ContactParams,
    @Body({ schema: SetDays }) { days }: SetDays,
  ) {
    return this.contacts.setDays(caller, id, days);
  }

  /** Merges another contact into this one: one person, one conversation on each number. */
  @Post(':id/merge')
  @HttpCode(200)
  @Requires('contacts:write')
  @Answers(ContactDetail)
  merge(
    @CurrentCaller() caller: Caller,
    @Param({ schema: ContactParams }) { id }: ContactParams,
    @Body({ schema: MergeContact }) { with: other }: MergeContact,
  ) {
    return this.contacts.merge(caller, id, other);
  }

  /** Wants no broadcasts, campaigns and automations any more. */
  @Post(':id/opt-out')
  @HttpCode(200)
  @Requires('contacts:write')
  @Answers(ContactDetail)
  optOut(@CurrentCaller() caller: Caller, @Param({ schema: ContactParams }) { id }: ContactParams) {
    return this.contacts.setOptOut(caller, id, true);
  }

  /** Wants them again. */
  @Post(':id/opt-in')
  @HttpCode(200)
  @Requires('contacts:write')
  @Answers(ContactDetail)
  optIn(@CurrentCaller() caller: Caller, @Param({ schema: ContactParams }) { id }: ContactParams) {
    return this.contacts.setOptOut(caller, id, false);
  }
}

@ApiTags('Contacts')
@Controller('contact-days')
export class ContactDaysController {
  constructor(private readonly contacts: ContactsService) {}

  /** What days of contacts are called; those of most contacts first, 100 at most. */
  @Get()
  @Requires('contacts:read')
  @Answers(ContactDayNamePage)
  async names(@Organization() organization: OrganizationId) {
    return { items: await this.contacts.dayNames(organization), next_cursor: null };
  }
}
