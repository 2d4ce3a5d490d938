import { Module } from '@nestjs/common';
import { ContactListsController, ContactTagsController } from './contact-sorting.controller.ts';
import { ContactSortingService } from './contact-sorting.service.ts';
import { ContactRecordsRepository } from './contact-records.repository.ts';
import { ContactDaysController, ContactsController } from './contacts.controller.ts';
import { ContactsRepository } from './contacts.repository.ts';
import { ContactsService } from './contacts.service.ts';
import { NumberCheckRunner } from './number-check-runner.ts';
import { NumberCheckService } from './number-check.service.ts';
import { NumberChecks } from './number-checks.ts';

/**
 * People on the other side. A *contact* is known by a number, by a privacy address, or by both; contacts that are one person
 * are *merged*: one is shown, the others point at it. A contact's *day* comes back every year, as a birthday. A *check* is what
 * WhatsApp says of a number.
 */
@Module({
  controllers: [ContactsController, ContactDaysController, ContactTagsController, ContactListsController],
  providers: [
    ContactsService,
    ContactSortingService,
    ContactsRepository,
    ContactRecordsRepository,
    NumberCheckService,
    NumberChecks,
    NumberCheckRunner,
  ],
  exports: [ContactsService, ContactsRepository, NumberChecks, NumberCheckRunner],
})
export class ContactsModule {}
