import { Module } from '@nestjs/common';
import { MailboxController } from './mailbox.controller.ts';

/**
 * The sandbox's own letter box. Whoever opens it reads everybody's mails, links that set passwords among them: so it is there
 * only where numbers are virtual, which production refuses, and no mail server is configured.
 */
@Module({ controllers: [MailboxController] })
export class MailboxModule {}
