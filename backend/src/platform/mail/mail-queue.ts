import { Injectable } from '@nestjs/common';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../database/system-db.ts';
import { Sealer, UnsealError } from '../encryption/sealer.ts';
import type { RenderedLetter } from './letter.ts';

/** A mail that is to leave. `kind` names it in the log; after `expiresInMs` it would be of no use any more. */
export type NewMail = Readonly<{ kind: string; to: string; expiresInMs: number; letter: RenderedLetter }>;

/** A mail that this node has to send, and for how many times it was tried, this time included. */
export type ClaimedMail = Readonly<{ id: string; kind: string; to: string; attempts: number; letter: RenderedLetter }>;

export type MailState = 'waiting' | 'sent' | 'failed';

/** A mail as it was written, for the mailbox. */
export type KeptMail = Readonly<{ id: string; to: string; createdAt: Date; letter: RenderedLetter }>;

/** Takes id, organization, kind, recipient, key_id, sealed, life in ms; the times are the database's. */
export const INSERT_MAIL = `insert into private.mails (id, organization_id, kind, recipient, key_id, sealed, expires_at)
  select $1::uuid, $2::uuid, $3, $4, $5, $6::bytea, now() + $7::float8 * interval '1 ms'`;

/** More mails of one kind to one address within an hour would be somebody's bad joke. */
const PER_HOUR_MAX = 5;

/** How long a node has for the mails that it took; then another takes them. */
const CLAIM_MS = 90_000;
/** Longest that anything is remembered of a mail. */
const KEPT_DAYS = 7;

type Row = {
  id: string;
  kind: string;
  recipient: string;
  attempts: number;
  key_id: string;
  sealed: Buffer;
  created_at: Date;
};

/** The mails that wait, and what became of them. */
@Injectable()
export class MailQueue {
  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
  ) {}

  /** What `INSERT_MAIL` takes. */
  valuesOf({ kind, to, expiresInMs, letter }: NewMail, organization: OrganizationId | null): unknown[] {
    const id = newId();
    const { keyId, sealed } = this.sealer.seal(Buffer.from(JSON.stringify(letter)), placeOf(id));
    return [id, organization, kind, to, keyId, sealed, expiresInMs];
  }

  /** Writes a mail down that belongs to no organization. The sixth of a kind to an address within an hour is dropped. */
  async add(mail: NewMail): Promise<void> {
    await this.system.query(
      `${INSERT_MAIL} where (select count(*) from private.mails where recipient = $4 and kind = $3
         and created_at > now() - interval '1 hour') < ${PER_HOUR_MAX}`,
      this.valuesOf(mail, null),
    );
  }

  /** Takes mails that are due, so that no other node does for a while. */
  async claim(limit: number): Promise<ClaimedMail[]> {
    const { rows } = await this.system.query<Row>({
      name: 'mails.claim',
      text: `update private.mails set attempts = attempts + 1, send_after = now() + $2 * interval '1 ms'
              where id in (select id from private.mails where state = 'waiting' and send_after <= now() and expires_at > now()
                            order by send_after limit $1 for update skip locked)
             returning id, kind, recipient, attempts, key_id, sealed, created_at`,
      values: [limit, CLAIM_MS],
    });
    const claimed: ClaimedMail[] = [];
    for (const row of rows) {
      const mail = this.read(row);
      if (mail) claimed.push({ ...mail, kind: row.kind, attempts: row.attempts });
      else await this.giveUp(row.id, `encryption key "${row.key_id}" does not open it`);
    }
    return claimed;
  }

  async sent(id: string): Promise<void> {
    await this.system.query(
      `update private.mails set state = 'sent', sealed = null, error = null, settled_at = now() where id = $1`,
      [id],
    );
  }

  /** It is tried again in `inMs`. */
  async later(id: string, inMs: number, error: string): Promise<void> {
    await this.system.query(
      `update private.mails set send_after = now() + $2 * interval '1 ms', error = $3 where id = $1 and state = 'waiting'`,
      [id, inMs, error],
    );
  }

  /** It is not tried any more. */
  async giveUp(id: string, error: string): Promise<void> {
    await this.system.query(
      `update private.mails set state = 'failed', sealed = null, error = $2, settled_at = now() where id = $1 and state = 'waiting'`,
      [id, error],
    );
  }

  /** Gives up what has expired, and forgets what is old. @returns those that were given up */
  async keepHouse(): Promise<{ id: string; kind: string; error: string | null }[]> {
    await this.system.query(`delete from private.mails where created_at < now() - interval '${KEPT_DAYS} days'`);
    const { rows } = await this.system.query<{ id: string; kind: string; error: string | null }>(
      `update private.mails set state = 'failed', sealed = null, settled_at = now()
        where state = 'waiting' and expires_at <= now() and send_after <= now() returning id, kind, error`,
    );
    return rows;
  }

  /** The newest mails that were not sent. */
  async kept(limit: number): Promise<KeptMail[]> {
    const { rows } = await this.system.query<Row>(
      `select id, kind, recipient, attempts, key_id, sealed, created_at from private.mails where sealed is not null
        order by created_at desc, id desc limit $1`,
      [limit],
    );
    return rows.flatMap((row) => {
      const mail = this.read(row);
      return mail ? [{ ...mail, createdAt: row.created_at }] : [];
    });
  }

  /** Null when its key is gone: the others are not to wait for it. */
  private read({ id, recipient, key_id: keyId, sealed }: Row): Pick<ClaimedMail, 'id' | 'to' | 'letter'> | null {
    try {
      const letter = JSON.parse(this.sealer.open({ keyId, sealed }, placeOf(id)).toString()) as RenderedLetter;
      return { id, to: recipient, letter };
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}

/** Where the content of a mail belongs: a row that was moved elsewhere does not open. */
export const placeOf = (id: string): string => `mail ${id}`;
