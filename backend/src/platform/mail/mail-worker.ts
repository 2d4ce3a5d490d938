import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { Signals } from '../signals/signals.ts';
import { type ClaimedMail, MailQueue } from './mail-queue.ts';
import { retryDelayMs } from './mail.rules.ts';
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
  private readonly unsubscribe: (() => void)[] = [];
  private cancelSweep: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private woken = false;
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly queue: MailQueue,
    private readonly transport: SmtpTransport,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.transport.configured && !this.config.mail.mailbox)
      this.log.warn('SMTP_URL is not set: no mail leaves, password resets and confirmations among them');
    this.unsubscribe.push(
      this.signals.on('mails', () => this.wake()),
      this.signals.onConnected(() => this.wake()),
    );
    this.sweep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.cancelSweep?.();
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    if (this.running) await this.within(this.running, SHUTDOWN_WAIT_MS).catch(() => undefined);
  }

  private sweep(): void {
    this.wake();
    this.cancelSweep = this.clock.setTimeout(() => this.sweep(), SWEEP_MS);
  }

  private wake(): void {
    this.woken = true;
    if (this.stopped || this.running) return;
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.woken) this.wake(); // between the last look and here
    });
  }

  private async run(): Promise<void> {
    try {
      while (this.woken && !this.stopped) {
        this.woken = false;
        await this.drain();
      }
    } catch (error) {
      this.log.warn({ error: String(error) }, 'mails not looked at; the sweep tries again');
    }
  }

  private async drain(): Promise<void> {
    // Without a server mails wait, and are read in the mailbox where there is one.
    while (this.transport.configured && !this.stopped) {
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
      await this.within(this.transport.send(mail), SEND_MAX_MS);
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

  /** Rejects when `work` takes longer; a server that says a word every now and then would else hold it for ever. */
  private async within(work: Promise<void>, ms: number): Promise<void> {
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.clock.setTimeout(() => reject(new MailRefused('took too long', false)), ms);
    });
    await Promise.race([work, late]).finally(() => cancel?.());
  }
}
