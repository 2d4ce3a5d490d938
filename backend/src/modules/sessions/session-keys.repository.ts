import { Injectable } from '@nestjs/common';
import { GroupCommit } from '../../platform/database/group-commit.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { Sealer, UnsealError } from '../../platform/encryption/sealer.ts';
import { KeysUnreadable, StaleLease } from './sessions.errors.ts';
import type { Lease } from './session-traffic.ts';

/** One secret of a session, in clear: credentials (type `creds`, id `''`) or a Signal key. */
export type KeyRow = Readonly<{ type: string; id: string; plain: Uint8Array }>;
export type KeyName = Readonly<{ type: string; id: string }>;

/**
 * What WhatsApp delivered, in clear. `id` is stable: the same delivery again has the same. `inbound`: somebody wrote to the
 * number.
 */
export type InboxRow = Readonly<{
  id: string;
  kind: 'message' | 'receipt' | 'group';
  inbound: boolean;
  plain: Uint8Array;
}>;

/** Everything that one commit changes. */
export type KeyChanges = Readonly<{
  stored: readonly KeyRow[];
  removed: readonly KeyName[];
  delivered: readonly InboxRow[];
}>;

/** The key changes of one session under its lease. */
type Change = Readonly<{ lease: Lease } & KeyChanges>;

/** Changes written by one statement; each brings some hundred rows at most. */
const CHANGES_MAX = 200;

/**
 * One statement for the changes of many sessions, each fenced: where the lease is not held, nothing is written. `for key
 * share` stops a takeover until we commit. `n` is the number of the change that a row belongs to.
 */
const SAVE = `with asked as (
    select * from unnest($1::uuid[], $2::uuid[], $3::bigint[]) with ordinality as a (organization_id, session_id, epoch, n)
  ), lease as (
    select asked.* from asked join private.session_leases l on l.session_id = asked.session_id and l.epoch = asked.epoch
     order by l.session_id for key share of l
  ), removed as (
    delete from private.session_keys k using lease, unnest($4::int[], $5::text[], $6::text[]) as gone (n, type, id)
     where gone.n = lease.n and k.organization_id = lease.organization_id and k.session_id = lease.session_id
       and k.type = gone.type and k.id = gone.id
  ), stored as (
    insert into private.session_keys (organization_id, session_id, type, id, key_id, sealed)
    select lease.organization_id, lease.session_id, u.type, u.id, $7, u.sealed
      from unnest($8::int[], $9::text[], $10::text[], $11::bytea[]) as u (n, type, id, sealed) join lease using (n)
    on conflict (organization_id, session_id, type, id)
      do update set key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()
  ), delivered as (
    insert into private.session_inbox (organization_id, session_id, id, kind, inbound, key_id, sealed)
    select lease.organization_id, lease.session_id, d.id, d.kind, d.inbound, $7, d.sealed
      from unnest($12::int[], $13::text[], $14::text[], $15::boolean[], $16::bytea[]) with ordinality as d (n, id, kind, inbound, sealed, place)
      join lease using (n) order by d.place
    on conflict do nothing
  )
  select n::int as n from lease`;

const READ = `select id, key_id, sealed from private.session_keys
  where organization_id = $1 and session_id = $2 and type = $3 and id = any ($4)`;

const READ_INBOX = `select id, kind, inbound, key_id, sealed, stored_at is not null as stored from private.session_inbox
  where organization_id = $1 and session_id = $2 order by sequence`;

const FINISH_INBOX = `update private.session_inbox set stored_at = now()
  where organization_id = $1 and session_id = $2 and id = any ($3)`;

/** A receipt that was written to a socket has reached WhatsApp when that socket still lives so much later. */
export const RECEIPT_HEARD_MS = 120_000;

type SealedRow = { id: string; key_id: string; sealed: Buffer };

/** All SQL for the secrets of sessions. They are sealed here and nowhere else; a row opens only in its own place. */
@Injectable()
export class SessionKeysRepository {
  private readonly saves = new GroupCommit((changes: readonly Change[]) => this.saveAll(changes), CHANGES_MAX);

  constructor(
    private readonly system: SystemDb,
    private readonly sealer: Sealer,
  ) {}

  /** @throws StaleLease when the epoch is not the session's any more; nothing was written then. */
  async save(lease: Lease, changes: KeyChanges): Promise<void> {
    if (!(await this.saves.submit({ lease, ...changes }))) throw new StaleLease(lease.session);
  }

  /** @returns whether each lease was held, and so its change written */
  private async saveAll(changes: readonly Change[]): Promise<boolean[]> {
    const removed = numbered(changes, ({ removed: names }) => names);
    const stored = numbered(changes, (change) => change.stored.map((row) => this.seal(change.lease, row.type, row)));
    const delivered = numbered(changes, (change) =>
      change.delivered.map((row) => this.seal(change.lease, 'inbox', row)),
    );
    const { rows } = await this.system.query<{ n: number }>({
      name: 'session_keys.save',
      text: SAVE,
      values: [
        changes.map(({ lease }) => lease.organization),
        changes.map(({ lease }) => lease.session),
        changes.map(({ lease }) => lease.epoch),
        removed.map(([n]) => n),
        removed.map(([, row]) => row.type),
        removed.map(([, row]) => row.id),
        this.sealer.currentKeyId,
        stored.map(([n]) => n),
        stored.map(([, row]) => row.type),
        stored.map(([, row]) => row.id),
        stored.map(([, row]) => row.sealed),
        delivered.map(([n]) => n),
        delivered.map(([, row]) => row.id),
        delivered.map(([, row]) => row.kind),
        delivered.map(([, row]) => row.inbound),
        delivered.map(([, row]) => row.sealed),
      ],
    });
    const held = new Set(rows.map(({ n }) => n));
    return changes.map((_, index) => held.has(index + 1));
  }

  private seal<Row extends { id: string; plain: Uint8Array }>(lease: Lease, kind: string, row: Row) {
    return { ...row, sealed: this.sealer.seal(row.plain, placeOf(lease, kind, row.id)).sealed };
  }

  /** @throws KeysUnreadable when a row is there and does not open */
  async read(lease: Lease, type: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
    const { rows } = await this.system.query<SealedRow>({
      name: 'session_keys.read',
      text: READ,
      values: [lease.organization, lease.session, type, ids],
    });
    return new Map(rows.map((row) => [row.id, this.unseal(lease, type, row)]));
  }

  /** What was delivered and may be delivered again, in the order of its arrival. @throws KeysUnreadable */
  async readInbox(lease: Lease): Promise<(InboxRow & { stored: boolean })[]> {
    const { rows } = await this.system.query<SealedRow & Pick<InboxRow, 'kind' | 'inbound'> & { stored: boolean }>(
      READ_INBOX,
      [lease.organization, lease.session],
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      inbound: row.inbound,
      plain: this.unseal(lease, 'inbox', row),
      stored: row.stored,
    }));
  }

  /** For deliveries that concern no conversation, once they were handled. */
  async finishInbox(lease: Lease, ids: readonly string[]): Promise<void> {
    await this.system.query({
      name: 'session_inbox.finish',
      text: FINISH_INBOX,
      values: [lease.organization, lease.session, ids],
    });
  }

  /** Marks deliveries that the database refuses for what they are; they stay, and are handed over again at the next open. */
  async setAside(lease: Lease, ids: readonly string[]): Promise<void> {
    await this.system.query(
      `update private.session_inbox set set_aside_at = now()
        where organization_id = $1 and session_id = $2 and id = any ($3) and stored_at is null`,
      [lease.organization, lease.session, ids],
    );
  }

  /** Forgets deliveries that cannot come again, for all sessions that have been connected long enough, in one statement. */
  async purgeInbox(leases: readonly Lease[]): Promise<void> {
    await this.system.query({
      name: 'session_inbox.purge',
      text: `delete from private.session_inbox i using unnest($1::uuid[], $2::uuid[]) as s (organization_id, session_id)
              where i.organization_id = s.organization_id and i.session_id = s.session_id
                and i.stored_at < now() - $3 * interval '1 ms'`,
      values: [leases.map((lease) => lease.organization), leases.map((lease) => lease.session), RECEIPT_HEARD_MS],
    });
  }

  /** Forgets the link: nothing of the session's secrets remains. @throws StaleLease */
  async forget(lease: Lease): Promise<void> {
    const { rows } = await this.system.query<{ held: boolean }>(
      `with lease as (select 1 from private.session_leases where session_id = $2 and epoch = $3 for key share),
        keys as (delete from private.session_keys k using lease where k.organization_id = $1 and k.session_id = $2)
       select exists (select from lease) as held`,
      [lease.organization, lease.session, lease.epoch],
    );
    if (!rows[0]?.held) throw new StaleLease(lease.session);
  }

  private unseal(lease: Lease, kind: string, row: SealedRow): Buffer {
    try {
      return this.sealer.open({ keyId: row.key_id, sealed: row.sealed }, placeOf(lease, kind, row.id));
    } catch (cause) {
      if (cause instanceof UnsealError) throw new KeysUnreadable({ cause });
      throw cause;
    }
  }
}

/** Every row of every change, with the number of its change, from 1 on. */
const numbered = <Row>(changes: readonly Change[], rowsOf: (change: Change) => readonly Row[]): [number, Row][] =>
  changes.flatMap((change, index) => rowsOf(change).map((row): [number, Row] => [index + 1, row]));

/** What a secret is sealed with: it opens in this row only. */
export const placeOf = (of: { organization: string; session: string }, kind: string, id: string): string =>
  JSON.stringify([of.organization, of.session, kind, id]);
