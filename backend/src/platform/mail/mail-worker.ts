import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { retryDelayMs } from '../queue/retry-delay.ts';
import { within, WorkLoop } from '../queue/work-loop.ts';
import { Signals } from '../signals/signals.ts';
import { type ClaimedMail, MailQueue } from './mail-queue.ts';
import { MailRefused, SmtpTransport } from './smtp-transport.ts';

/** Covers a signal that was lost, and finds what is due again. */
const SWEEP_MS = 10_000;
/** Mails in one go; each may take its whole time before a claim runs out. */
const CLAIM_MAX = 4;
/** Longest that one mail may take. */
const SEND_MAX_MS = 60_000;
/** How long a shutdown waits for the mail that is on its way. */
const SHUTDOWN_WAIT_MS = 5_000;

/** Sends what the mailer took. Any node does it; each mail is with one of them. */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MailWorker.name);
  private readonly loop: WorkLoop;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    signals: Signals,
    private readonly queue: MailQueue,
    private readonly transport: SmtpTransport,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'mails', sweepMs: SWEEP_MS },
      () => this.drain(),
      (error) => this.log.warn({ error: String(error) }, 'mails not looked at; the sweep tries again'),
    );
  }

  onApplicationBootstrap(): void {
    if (!this.transport.configured && !this.config.mail.mailbox)
      this.log.warn('SMTP_URL is not set: no mail leaves, password resets and confirmations among them');
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async drain(): Promise<void> {
    // Without a server mails wait, and are read in the mailbox where there is one.
    while (this.transport.configured && !this.loop.stopped) {
      const mails = await this.queue.claim(CLAIM_MAX);
      if (mails.length === 0) break;
      await Promise.all(mails.map((mail) => this.deliver(mail)));
    }
    for (const { id, kind, error } of await this.queue.keepHouse())
      this.log.error({ mail: id, kind, error }, 'mail given up: it was not taken until it was of no use any more');
  }

  private async deliver(mail: ClaimedMail): Promise<void> {
    const { id, kind, attempts } = mail;
    try {
      const late = () => new MailRefused('took too long', false);
      await within(this.clock, this.transport.send(mail), SEND_MAX_MS, late);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof MailRefused && error.final) {
        this.log.error({ mail: id, kind, attempts, error: reason }, 'mail given up: the server refuses it for good');
        return this.queue.giveUp(id, reason);
      }
      this.log.warn({ mail: id, kind, attempts, error: reason }, 'mail not taken, trying again');
      return this.queue.later(id, retryDelayMs(attempts), reason);
    }
    await this.queue.sent(id);
    this.log.log({ mail: id, kind, attempts }, 'mail sent');
  }
}
