import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Config } from '../../config/config.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { MailQueue } from '../../platform/mail/mail-queue.ts';
import { Public } from '../auth/requires.decorator.ts';
import { MailboxPage } from './mailbox.dto.ts';
import { MailboxClosed } from './mailbox.errors.ts';

const SHOWN_MAX = 50;

@ApiTags('Mailbox')
@Controller('mailbox')
export class MailboxController {
  constructor(
    private readonly config: Config,
    private readonly queue: MailQueue,
  ) {}

  /** The newest mails of the sandbox, for whoever sits at the desk: one who forgot his password is not signed in. */
  @Get()
  @Public()
  @Answers(MailboxPage)
  async list() {
    if (!this.config.mail.mailbox) throw new MailboxClosed();
    const mails = await this.queue.kept(SHOWN_MAX);
    const items = mails.map(({ id, to, createdAt, letter: { subject, text } }) => ({
      id,
      to,
      subject,
      text,
      created_at: createdAt.toISOString(),
    }));
    return { items, next_cursor: null };
  }
}
