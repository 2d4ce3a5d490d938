import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql, TenantTx } from '../database/tenant-db.ts';
import { Signals } from '../signals/signals.ts';
import { type Letter, render } from './letter.ts';
import { INSERT_MAIL, MailQueue, type NewMail } from './mail-queue.ts';

/** Somebody is to read this. `kind` is a short name for the log, as `password_reset`. */
export type Mail = Readonly<{ kind: string; to: string; letter: Letter; expiresInMs: number }>;

/** The one door for mails. What it has taken leaves at least once, however often the process dies before. */
@Injectable()
export class Mailer {
  constructor(
    private readonly queue: MailQueue,
    private readonly signals: Signals,
  ) {}

  /** Takes a mail about somebody's account; it is written down when this resolves. */
  async send(mail: Mail): Promise<void> {
    await this.queue.add(rendered(mail));
    this.wake();
  }

  /** Takes a mail of an organization in the transaction that makes it true. Call `wake` after the commit. */
  async add(tx: TenantTx, organization: OrganizationId, mail: Mail): Promise<void> {
    await tx.$executeRawUnsafe(INSERT_MAIL, ...this.queue.valuesOf(rendered(mail), organization));
  }

  /** As `add`, in a transaction of hand-written SQL. */
  async addSql(sql: TenantSql, organization: OrganizationId, mail: Mail): Promise<void> {
    await sql.query({
      name: 'mails.add',
      text: INSERT_MAIL,
      values: this.queue.valuesOf(rendered(mail), organization),
    });
  }

  /** Has what was added leave now, and not at the next sweep. */
  wake(): void {
    this.signals.send('mails', {});
  }
}

const rendered = ({ letter, ...mail }: Mail): NewMail => ({ ...mail, letter: render(letter) });
