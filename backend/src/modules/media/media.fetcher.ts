import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { MediaExpired, StaleLease } from '../sessions/sessions.errors.ts';
import type { FileAnswer, Lease, OpenSession } from '../sessions/session-traffic.ts';
import { thumbnailOf } from './media.content.ts';
import { MediaEmpty, MediaStoreUnavailable, MediaTooLarge } from './media.errors.ts';
import { FetchQueue, type FetchSource } from './media.fetch-queue.ts';
import { type FileToFetch, MediaRepository, type NamedMessage, type StoredFile } from './media.repository.ts';
import { MediaService } from './media.service.ts';

/** Trying again changes nothing about these. */
const FINAL = [MediaTooLarge, MediaEmpty];
/** How often the phone is asked for one file, over all connections; each asks once. */
const ASKS_MAX = 5;
/** Files that the phone is asked for at once. */
const ASK_BATCH = 20;

/** What became of a try: the file; that WhatsApp no longer has it; that there is no sense in another one. */
type Outcome = StoredFile | 'expired' | 'given up';

/**
 * Fetches the files of inbound messages while their session is open. What is left to do stands in the messages themselves,
 * so it goes on after a crash; how often a file failed is forgotten with the connection, so a new one tries afresh.
 */
@Injectable()
export class MediaFetcher {
  private readonly log = new Logger(MediaFetcher.name);
  /** By connection, not by session: an old one may still be ending when the next is open. */
  private readonly queues = new WeakMap<OpenSession, FetchQueue>();
  /** Messages whose files a connection has asked the phone for. */
  private readonly asked = new WeakMap<OpenSession, Set<string>>();

  constructor(
    private readonly db: TenantDb,
    private readonly media: MediaService,
    private readonly files: MediaRepository,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /** The session is open, or got messages: there may be files to fetch. */
  wake(session: OpenSession): void {
    let queue = this.queues.get(session);
    if (!queue) {
      queue = new FetchQueue(this.sourceOf(session), this.clock);
      this.queues.set(session, queue);
    }
    queue.wake();
    this.askForAll(session).catch((error: unknown) => {
      if (!session.closed.aborted)
        this.log.warn({ session: session.lease.session, error: String(error) }, 'phone not asked for files');
    });
  }

  /** The phone answered: its file is fetched from where it lies now, or given up. */
  async answered({ organization, session }: Lease, { whatsappMessageId, payload }: FileAnswer): Promise<void> {
    await this.db.asTenant(organization, async (tx) => {
      const message = await this.files.findRequested(tx, session, whatsappMessageId);
      if (!message || !(await this.files.lockIn(tx, message.id, 'requested'))) return;
      if (payload) await this.files.relocate(tx, message.id, payload);
      else await this.files.settle(tx, message.id, null);
      await this.tell(tx, organization, session, message);
    });
    this.signals.send('facts', { organization });
  }

  /** Each connection asks once for what is still missing: an answer to the one before may be lost. */
  private async askForAll(session: OpenSession): Promise<void> {
    const { organization, session: id } = session.lease;
    const asked = this.asked.get(session) ?? new Set<string>();
    this.asked.set(session, asked);
    const files = await this.db.asTenantSql(organization, (sql) => this.files.requested(sql, id, ASK_BATCH));
    for (const file of files) {
      if (asked.has(file.id) || session.closed.aborted) continue;
      asked.add(file.id);
      await this.db.asTenantSql(organization, (sql) => this.files.countAsk(sql, file.id));
      await session.requestFile({
        whatsappMessageId: file.whatsapp_message_id,
        chat: file.chat,
        sender: file.sender,
        fromMe: file.direction === 'outbound',
        payload: file.payload,
      });
    }
  }

  private sourceOf(session: OpenSession): FetchSource {
    const { lease, closed } = session;
    return {
      closed,
      pending: (except, limit) =>
        this.db.asTenantSql(lease.organization, (sql) => this.files.filesToFetch(sql, lease.session, except, limit)),
      fetch: (file, lastTry) => this.fetch(session, file, lastTry),
      failed: (error) => {
        if (closed.aborted || error instanceof StaleLease) return false;
        this.log.warn({ session: lease.session, error: String(error) }, 'files not fetched, trying again');
        return true;
      },
    };
  }

  private async fetch(session: OpenSession, message: FileToFetch, lastTry: boolean): Promise<boolean> {
    let outcome: Outcome = 'given up';
    try {
      outcome = await this.receive(session, message);
    } catch (error) {
      // Neither says anything about the file.
      if (session.closed.aborted || error instanceof MediaStoreUnavailable) throw error;
      if (error instanceof MediaExpired) outcome = 'expired';
      const final = lastTry || outcome === 'expired' || FINAL.some((kind) => error instanceof kind);
      this.log.warn({ message: message.id, final, error: String(error) }, 'file not fetched');
      if (!final) return false;
    }
    const isRequested = await this.settle(session.lease, message, outcome);
    this.signals.send('facts', { organization: session.lease.organization });
    if (isRequested) {
      this.asked.get(session)?.delete(message.id);
      await this.askForAll(session);
    }
    return true;
  }

  private async receive(session: OpenSession, { payload }: FileToFetch): Promise<StoredFile> {
    const { content, fileName, told } = await session.download(payload);
    const file = await this.media.receive(session.lease.organization, content, { fileName, signal: session.closed });
    // What we have seen ourselves is worth more than the sender's word.
    const thumbnail = file.thumbnail ?? (told.thumbnail && (await thumbnailOf(told.thumbnail).catch(() => null)));
    const { durationSeconds, waveform } = told;
    return {
      ...file,
      thumbnail,
      durationSeconds,
      waveform: waveform && Buffer.from(waveform),
      width: file.width ?? told.width,
      height: file.height ?? told.height,
    };
  }

  /**
   * The file's row, the message and the fact that tells of it, all or nothing.
   * @returns true when the phone is to be asked for it
   * @throws StaleLease
   */
  private settle(lease: Lease, message: FileToFetch, outcome: Outcome): Promise<boolean> {
    const { organization, session } = lease;
    return this.db.asTenant(organization, async (tx) => {
      if (!(await this.files.holdLease(tx, lease))) throw new StaleLease(session);
      if (!(await this.files.lockIn(tx, message.id, 'pending'))) return false;
      const isRequested = outcome === 'expired' && (await this.files.request(tx, lease, message.id, ASKS_MAX));
      if (!isRequested) {
        const file = typeof outcome === 'string' ? null : await this.files.insert(tx, organization, outcome);
        await this.files.settle(tx, message.id, file);
      }
      await this.tell(tx, organization, session, message);
      return isRequested;
    });
  }

  private tell(
    tx: TenantTx,
    organization: Lease['organization'],
    session: Lease['session'],
    { id, conversation_id, status }: NamedMessage,
  ): Promise<void> {
    return this.facts.add(tx, {
      organization,
      type: 'message.status',
      version: 1,
      subject: id,
      payload: { message_id: id, conversation_id, session_id: session, status },
    });
  }
}
