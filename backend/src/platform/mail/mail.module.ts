import { Global, Module } from '@nestjs/common';
import { MailQueue } from './mail-queue.ts';
import { MailWorker } from './mail-worker.ts';
import { Mailer } from './mailer.ts';
import { SmtpTransport } from './smtp-transport.ts';

/**
 * Mails. The *mailer* takes one, as a *letter* in the language of whoever reads it; it is written down, and a worker sends it,
 * at least once, until it was taken, is refused for good, or would be of no use any more.
 */
@Global()
@Module({ providers: [Mailer, MailQueue, MailWorker, SmtpTransport], exports: [Mailer, MailQueue] })
export class MailModule {}
