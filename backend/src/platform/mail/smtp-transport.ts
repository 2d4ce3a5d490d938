import { Injectable } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { Config } from '../../config/config.ts';
import type { ClaimedMail } from './mail-queue.ts';

/** Longest silence of a server in each phase. */
const SILENCE_MS = 20_000;

/** Why a mail was not taken, in short, without what it said. `final` when trying again would change nothing. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  constructor(
    reason: string,
    readonly final: boolean,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** Hands mails to the SMTP server of SMTP_URL. */
@Injectable()
export class SmtpTransport {
  private readonly transporter: Transporter | undefined;
  private readonly from: string;

  constructor({ mail: { smtp } }: Config) {
    this.from = smtp?.from ?? '';
    if (smtp)
      this.transporter = createTransport({
        url: smtp.url,
        connectionTimeout: SILENCE_MS,
        greetingTimeout: SILENCE_MS,
        socketTimeout: SILENCE_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
  }

  /** False without SMTP_URL: nothing is sent. */
  get configured(): boolean {
    return this.transporter !== undefined;
  }

  /** Resolves when the server has taken it; under the same id on every try. @throws MailRefused */
  async send({ id, to, letter }: ClaimedMail): Promise<void> {
    if (!this.transporter) throw new MailRefused('SMTP_URL is not set', false);
    try {
      await this.transporter.sendMail({
        ...letter,
        from: this.from,
        to: { name: '', address: to }, // one address, whatever commas are in it
        messageId: `<${id}@wasel>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch (cause) {
      throw refusal(cause);
    }
  }
}

/** A server that says 5xx of the recipient or the message will say so again; anything else may have another day. */
function refusal(cause: unknown): MailRefused {
  const { code = 'UNKNOWN', responseCode } = cause as { code?: string; responseCode?: number };
  const final = responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return new MailRefused(responseCode === undefined ? code : `${code} ${responseCode}`, final, { cause });
}
