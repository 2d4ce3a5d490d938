import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { MediaExpired, StaleLease } from '../sessions/sessions.errors.ts';
import type { Lease, OpenSession } from '../sessions/session-traffic.ts';
import { MediaEmpty, MediaStoreUnavailable, MediaTooLarge } from './media.errors.ts';
import { FetchQueue, type FetchSource } from './media.fetch-queue.ts';
import { type FileToFetch, MediaRepository, type StoredFile } from './media.repository.ts';
import { MediaService } from './media.service.ts';

/** Trying again changes nothing about these. */
const FINAL = [MediaExpired, MediaTooLarge, MediaEmpty];

/**
 * Fetches the files of inbound messages while their session is open. What is left to do stands in the messages themselves,
 * so it goes on after a crash; how often a file failed is forgotten with the connection, so a new one tries afresh.
 */
@Injectable()
export class MediaFetcher {
  private readonly log = new Logger(MediaFetcher.name);
  /** By connection, not by session: an old one may still be ending when the next is open. */
  private readonly queues = new WeakMap<OpenSession, FetchQueue>();

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
    let file: StoredFile | null = null;
    try {
      file = await this.receive(session, message);
    } catch (error) {
      // Neither says anything about the file.
      if (session.closed.aborted || error instanceof MediaStoreUnavailable) throw error;
      const final = lastTry || FINAL.some((kind) => error instanceof kind);
      this.log.warn({ message: message.id, final, error: String(error) }, 'file not fetched');
      if (!final) return false;
    }
    await this.settle(session.lease, message, file);
    this.signals.send('facts', { organization: session.lease.organization });
    return true;
  }

  private async receive(session: OpenSession, { payload }: FileToFetch): Promise<StoredFile> {
    const { content, fileName } = await session.download(payload);
    return this.media.receive(session.lease.organization, content, { fileName, signal: session.closed });
  }

  /** The file's row, the message and the fact that tells of it, all or nothing. @throws StaleLease */
  private settle(lease: Lease, message: FileToFetch, file: StoredFile | null): Promise<void> {
    const { organization, session } = lease;
    const { id, conversation_id, status } = message;
    return this.db.asTenant(organization, async (tx) => {
      if (!(await this.files.holdLease(tx, lease))) throw new StaleLease(session);
      if (!(await this.files.lockUnsettled(tx, id))) return;
      await this.files.settle(tx, id, file && (await this.files.insert(tx, organization, file)));
      await this.facts.add(tx, {
        organization,
        type: 'message.status',
        version: 1,
        subject: id,
        payload: { message_id: id, conversation_id, session_id: session, status },
      });
    });
  }
}
