import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { Media } from '../../generated/prisma/client.ts';
import { Clock } from '../../kernel/clock.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { MediaExpired } from '../sessions/sessions.errors.ts';
import type { OpenSession } from '../sessions/session-traffic.ts';
import { MediaTooLarge } from './media.errors.ts';
import { MediaService } from './media.service.ts';

type Pending = { id: string; conversation_id: string; status: string; payload: Buffer };

const BATCH = 20;
const TRIES_MAX = 5;
const RETRY_MS = 5_000;

/**
 * Fetches the files of inbound messages while their session is open, one after the other. What is left to do stands in the
 * messages themselves, so it goes on after a crash.
 */
@Injectable()
export class MediaFetcher {
  private readonly log = new Logger(MediaFetcher.name);
  private readonly running = new Set<string>();
  private readonly tries = new Map<string, number>();

  constructor(
    private readonly db: TenantDb,
    private readonly media: MediaService,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /** There may be files to fetch. */
  wake(session: OpenSession): void {
    const { session: id } = session.lease;
    if (this.running.has(id) || session.closed.aborted) return;
    this.running.add(id);
    void this.run(session)
      .catch((error: unknown) => this.log.warn({ session: id, error: String(error) }, 'files not fetched'))
      .finally(() => this.running.delete(id));
  }

  private async run(session: OpenSession): Promise<void> {
    const { organization } = session.lease;
    for (;;) {
      const pending = await this.pending(session);
      if (pending.length === 0) return;
      for (const message of pending) {
        if (session.closed.aborted) return;
        if (!(await this.fetch(session, message))) {
          this.clock.setTimeout(() => this.wake(session), RETRY_MS);
          return;
        }
        this.signals.send('facts', { organization });
      }
    }
  }

  private pending({ lease }: OpenSession): Promise<Pending[]> {
    return this.db.asTenantSql(lease.organization, async (sql) => {
      const { rows } = await sql.query<Pending>(
        `select id, conversation_id, status, payload from messages where session_id = $1 and media_state = 'pending' order by id limit $2`,
        [lease.session, BATCH],
      );
      return rows;
    });
  }

  /** @returns false when it is to be tried again later */
  private async fetch(session: OpenSession, message: Pending): Promise<boolean> {
    const { organization } = session.lease;
    try {
      const stream = Readable.from(await session.download(message.payload));
      await this.finish(session, message, await this.media.keep(organization, stream, undefined));
    } catch (error) {
      const tries = (this.tries.get(message.id) ?? 0) + 1;
      this.tries.set(message.id, tries);
      const forGood = error instanceof MediaExpired || error instanceof MediaTooLarge || tries >= TRIES_MAX;
      if (!forGood) return false;
      this.log.warn({ message: message.id, error: String(error) }, 'file given up');
      await this.finish(session, message, null);
    }
    this.tries.delete(message.id);
    return true;
  }

  private async finish({ lease }: OpenSession, message: Pending, media: Media | null): Promise<void> {
    await this.db.asTenantSql(lease.organization, async (sql) => {
      await sql.query('update messages set media_id = $2, media_state = $3 where id = $1', [
        message.id,
        media?.id ?? null,
        media ? 'stored' : 'failed',
      ]);
      await this.facts.addSql(sql, {
        organization: lease.organization,
        type: 'message.status',
        version: 1,
        subject: message.id,
        payload: {
          message_id: message.id,
          conversation_id: message.conversation_id,
          session_id: lease.session,
          status: message.status,
        },
      });
    });
  }
}
