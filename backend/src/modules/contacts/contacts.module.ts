import { Module } from '@nestjs/common';
import { ContactsRepository } from './contacts.repository.ts';

/** People on the other side. */
@Module({ providers: [ContactsRepository], exports: [ContactsRepository] })
export class ContactsModule {}
