import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.ts';
import { OptOutWordsController } from './opt-outs.controller.ts';
import { OptOutsService } from './opt-outs.service.ts';

/**
 * Who has *opted out* is told nothing by broadcasts and automations; people still write to him by hand. He does so, and takes it
 * back, by a word of his organization's list.
 */
@Module({
  imports: [ContactsModule],
  controllers: [OptOutWordsController],
  providers: [OptOutsService],
  exports: [OptOutsService],
})
export class OptOutsModule {}
