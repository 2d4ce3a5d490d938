import { Injectable } from '@nestjs/common';
import type { Media } from '../../generated/prisma/client.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import type { Chat, Lease, Peer } from '../sessions/session-traffic.ts';
import { VOICE_TYPE } from './media.dto.ts';
import { MediaStoreUnavailable } from './media.errors.ts';
import type { Sendable } from './media.rules.ts';

/** A file that lies in the store and that no row speaks of yet. */
export type StoredFile = Readonly<{
  sha256: Buffer;
  mimeType: string;
  sizeBytes: number;
  fileName: string | null;
  width: number | null;
  height: number | null;
  /** A small JPEG. */
  thumbnail: Buffer | null;
  storageKey: string;
  durationSeconds?: number | null;
  waveform?: Buffer | null;
  /** `pending`: it is to be looked into, and something to be made of it. */
  preparation?: 'none' | 'pending';
}>;

/** What was found out of a recording or film. */
export type Prepared = Readonly<{
  /** Of a film that is nothing but sound, that of a recording. */
  mimeType: string;
  durationSeconds: number | null;
  width: number | null;
  height: number | null;
  waveform: Buffer | null;
  thumbnail: Buffer | null;
  voice: Readonly<{ storageKey: string; sizeBytes: number }> | null;
}>;

/** A message whose file is still with WhatsApp. */
export type FileToFetch = NamedMessage & Readonly<{ payload: Buffer }>;

/** What a fact tells of a message. */
export type NamedMessage = Readonly<{ id: string; conversation_id: string; status: string }>;

/** A message whose file the number's phone is asked for. */
export type RequestedFile = FileToFetch &
  Readonly<{ whatsapp_message_id: string; direction: string; chat: Chat; sender: Peer | null }>;

const REQUESTED = `select m.id, m.conversation_id, m.status, m.payload, m.whatsapp_message_id, m.direction,
       case when g.id is null then jsonb_build_object('phone', c.phone_number, 'lid', c.lid) else jsonb_build_object('groupJid', g.jid) end as chat,
       case when p.id is not null then jsonb_build_object('phone', p.phone_number, 'lid', p.lid) end as sender
    from private.media_requests r
    join messages m on m.id = r.message_id
    join conversations v on v.id = coalesce(m.origin_conversation_id, m.conversation_id)
    left join contacts c on c.id = v.contact_id
    left join groups g on g.id = v.group_id
    left join group_participants p on p.id = m.participant_id
   where r.session_id = $1 and m.media_state = 'requested' order by m.id limit $2`;

/** The state is spelled out, so that the small index of just these messages is used. */
const FILES_TO_FETCH = `select id, conversation_id, status, payload from messages
   where session_id = $1 and media_state = 'pending' and id <> all ($2) order by id limit $3`;

const SENDABLE = `select mime_type as "mimeType", size_bytes::int as "sizeBytes", width, height, preparation
    from media where id = $1 and removed_at is null`;

@Injectable()
export class MediaRepository {
  /**
   * Says that an object is about to be put into the store, so that it is found if no row ever speaks of it.
   * @returns false while the same object is being taken away
   */
  async announce(sql: TenantSql, organization: OrganizationId, storageKey: string): Promise<boolean> {
    const { rowCount } = await sql.query(
      `insert into private.unsettled_objects as o (organization_id, storage_key) values ($1, $2)
       on conflict (organization_id, storage_key) do update set touched_at = now() where o.removing_at is null`,
      [organization, storageKey],
    );
    return rowCount === 1;
  }

  /** From here on the row answers for its object. @throws MediaStoreUnavailable when that is being taken away */
  async insert(tx: TenantTx, organization: OrganizationId, file: StoredFile): Promise<Media> {
    await this.settleObject(tx, file.storageKey);
    const { sha256, thumbnail, waveform = null, ...rest } = file;
    return tx.media.create({
      data: {
        organizationId: organization,
        id: newId(),
        sha256: Uint8Array.from(sha256),
        thumbnail: thumbnail && Uint8Array.from(thumbnail),
        waveform: waveform && Uint8Array.from(waveform),
        ...rest,
      },
    });
  }

  /** @param tries of the claim: another node's later one is not overwritten */
  async prepared(
    tx: TenantTx,
    id: string,
    tries: number,
    { voice, waveform, thumbnail, ...known }: Prepared,
  ): Promise<void> {
    if (voice) await this.settleObject(tx, voice.storageKey);
    await tx.media.updateMany({
      where: { id, preparationTries: tries, preparation: 'pending' },
      data: {
        ...known,
        waveform: waveform && Uint8Array.from(waveform),
        thumbnail: thumbnail && Uint8Array.from(thumbnail),
        voiceStorageKey: voice?.storageKey ?? null,
        voiceSizeBytes: voice?.sizeBytes ?? null,
        preparation: 'ready',
      },
    });
  }

  async notPrepared(
    sql: TenantSql,
    id: string,
    tries: number,
    { final, counts, delayMs }: Readonly<{ final: boolean; counts: boolean; delayMs: number }>,
  ): Promise<void> {
    await sql.query(
      `update media set preparation = case when $3 then 'failed' else 'pending' end, prepare_after = now() + $5 * interval '1 ms',
              preparation_tries = preparation_tries - case when $4 then 0 else 1 end
        where id = $1 and preparation_tries = $2 and preparation = 'pending'`,
      [id, tries, final, counts, delayMs],
    );
  }

  /** Has a recording made a voice message of, where nobody has looked into it: it came in, or is from before that was done. */
  async makeVoice(sql: TenantSql, id: string): Promise<void> {
    await sql.query(
      `update media set preparation = 'pending', prepare_after = '-infinity'
        where id = $1 and preparation = 'none' and removed_at is null and mime_type <> $2`,
      [id, VOICE_TYPE],
    );
  }

  private async settleObject(tx: TenantTx, storageKey: string): Promise<void> {
    await tx.unsettledObject.deleteMany({ where: { storageKey, removingAt: null } });
    if ((await tx.unsettledObject.count({ where: { storageKey } })) > 0) throw new MediaStoreUnavailable();
  }

  /** Only a file that is still kept. */
  find(tx: TenantTx, id: string): Promise<Media | null> {
    return tx.media.findFirst({ where: { id, removedAt: null } });
  }

  /** The newest first, from before `before` on. */
  list(tx: TenantTx, before: string | undefined, limit: number): Promise<Media[]> {
    const where = { removedAt: null, ...(before ? { id: { lt: before } } : {}) };
    return tx.media.findMany({ where, orderBy: { id: 'desc' }, take: limit });
  }

  /** What decides whether a file can be sent; null when it is not there, or no longer kept. */
  async sendable(sql: TenantSql, id: string): Promise<Sendable | null> {
    const { rows } = await sql.query<Sendable>(SENDABLE, [id]);
    return rows[0] ?? null;
  }

  /** The oldest messages of a session whose files are to be fetched, apart from `except`. */
  async filesToFetch(
    sql: TenantSql,
    session: string,
    except: readonly string[],
    limit: number,
  ): Promise<FileToFetch[]> {
    const { rows } = await sql.query<FileToFetch>(FILES_TO_FETCH, [session, except, limit]);
    return rows;
  }

  /** @returns false when another node owns the session; otherwise nobody can take it before this transaction ends */
  async holdLease(tx: TenantTx, { session, epoch }: Lease): Promise<boolean> {
    const rows = await tx.$queryRaw<{ held: boolean }[]>`select private.hold_lease(${session}::uuid, ${epoch}) as held`;
    return rows[0]?.held ?? false;
  }

  /** @returns false when it is no longer in this state; otherwise nobody can change that before this transaction ends */
  async lockIn(tx: TenantTx, message: string, state: 'pending' | 'requested'): Promise<boolean> {
    const rows = await tx.$queryRaw<unknown[]>`
      select 1 from messages where id = ${message}::uuid and media_state = ${state} for no key update`;
    return rows.length > 0;
  }

  /** @param media the fetched file, null when it was given up */
  async settle(tx: TenantTx, message: string, media: Media | null): Promise<void> {
    await tx.message.updateMany({
      where: { id: message },
      data: { mediaId: media?.id ?? null, mediaState: media ? 'stored' : 'failed' },
    });
    await tx.mediaRequest.deleteMany({ where: { messageId: message } });
  }

  /** The number's phone is to be asked for the file. @returns false when it was asked often enough */
  async request(tx: TenantTx, { organization, session }: Lease, message: string, asksMax: number): Promise<boolean> {
    const asked = await tx.mediaRequest.findFirst({ where: { messageId: message } });
    if (asked && asked.asks >= asksMax) return false;
    if (!asked)
      await tx.mediaRequest.create({ data: { organizationId: organization, messageId: message, sessionId: session } });
    await tx.message.updateMany({ where: { id: message }, data: { mediaState: 'requested' } });
    return true;
  }

  async countAsk(sql: TenantSql, message: string): Promise<void> {
    await sql.query('update private.media_requests set asks = asks + 1 where message_id = $1', [message]);
  }

  /** What the phone of a number is to be asked for, the oldest first, and who wrote it. */
  async requested(sql: TenantSql, session: string, limit: number): Promise<RequestedFile[]> {
    const { rows } = await sql.query<RequestedFile>(REQUESTED, [session, limit]);
    return rows;
  }

  /** The phone has put the file somewhere else: it is fetched from there. */
  async relocate(tx: TenantTx, message: string, payload: Uint8Array): Promise<void> {
    await tx.message.updateMany({
      where: { id: message },
      data: { payload: Uint8Array.from(payload), mediaState: 'pending' },
    });
  }

  async findRequested(tx: TenantTx, session: string, whatsappMessageId: string): Promise<NamedMessage | null> {
    const found = await tx.message.findFirst({
      where: { sessionId: session, whatsappMessageId, mediaState: 'requested' },
      select: { id: true, conversationId: true, status: true },
    });
    return found && { id: found.id, conversation_id: found.conversationId, status: found.status };
  }

  /** Lets a file be tried that was given up, or that the phone was asked for. @returns false when there is none such */
  async tryAgain(sql: TenantSql, message: string): Promise<boolean> {
    const { rowCount } = await sql.query(
      `with again as (
         update messages set media_state = 'pending'
          where id = $1 and direction = 'inbound' and payload is not null and media_state in ('failed', 'requested') returning id
       ), forgotten as (
         delete from private.media_requests r using again where r.message_id = again.id
       )
       select id from again`,
      [message],
    );
    return rowCount === 1;
  }
}
