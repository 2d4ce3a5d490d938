import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { thumbnailOf } from './media.content.ts';
import { MediaGone, MediaStoreUnavailable } from './media.errors.ts';
import { type Inspection, InspectionFailed, MediaInspector } from './media.inspector.ts';
import { MediaRepository, type Prepared } from './media.repository.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';

const SWEEP_MS = 10_000;
const TRIES_MAX = 3;
const RETRY_MS = 10_000;
const SHUTDOWN_WAIT_MS = 5_000;

/** One file at a time: any node takes it, has five minutes for it, and is followed by another when it dies. */
const CLAIM = `update media d set preparation_tries = preparation_tries + 1, prepare_after = now() + interval '5 minutes'
    from (select organization_id, id from media where preparation = 'pending' and prepare_after <= now()
           order by prepare_after limit 1 for update skip locked) due
   where d.organization_id = due.organization_id and d.id = due.id
  returning d.organization_id, d.id, d.storage_key, d.preparation_tries as tries`;

type Claimed = Readonly<{ organization_id: string; id: string; storage_key: string; tries: number }>;

/** Finds out how long recordings and films are and what they look like, and makes voice messages of recordings. */
@Injectable()
export class MediaPreparation implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MediaPreparation.name);
  private readonly loop: WorkLoop;
  private readonly ending = new AbortController();

  constructor(
    private readonly system: SystemDb,
    private readonly db: TenantDb,
    private readonly store: MediaStore,
    private readonly media: MediaService,
    private readonly files: MediaRepository,
    private readonly inspector: MediaInspector,
    clock: Clock,
    signals: Signals,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'media', sweepMs: SWEEP_MS },
      () => this.run(),
      (error) => this.log.warn({ error: String(error) }, 'files not prepared; the sweep tries again'),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async run(): Promise<void> {
    while (!this.loop.stopped) {
      const { rows } = await this.system.query<Claimed>(CLAIM);
      const [claimed] = rows;
      if (!claimed) return;
      await this.prepare(claimed);
    }
  }

  private async prepare(claimed: Claimed): Promise<void> {
    const organization = OrganizationId.parse(claimed.organization_id);
    const [input, output] = [await this.store.temporaryPath(), await this.store.temporaryPath()];
    try {
      await pipeline(
        await this.store.open(claimed.storage_key),
        createWriteStream(input, { mode: 0o600, flags: 'wx' }),
      );
      const inspection = await this.inspector.inspect(input, output, this.ending.signal);
      const prepared = await this.madeOf(organization, inspection, output);
      await this.db.asTenant(organization, (tx) => this.files.prepared(tx, claimed.id, claimed.tries, prepared));
    } catch (error) {
      await this.failed(organization, claimed, error);
    } finally {
      await Promise.all([rm(input, { force: true }), rm(output, { force: true })]);
    }
  }

  /** What was written goes into the store before the row speaks of it. */
  private async madeOf(organization: OrganizationId, inspection: Inspection, output: string): Promise<Prepared> {
    const { durationSeconds, width, height, waveform, wrote } = inspection;
    const known = { durationSeconds, width, height, waveform: waveform && Buffer.from(waveform) };
    if (wrote === 'frame')
      return {
        ...known,
        thumbnail: await readFile(output)
          .then(thumbnailOf)
          .catch(() => null),
        voice: null,
      };
    if (wrote !== 'voice') return { ...known, thumbnail: null, voice: null };
    const hash = createHash('sha256');
    await pipeline(createReadStream(output), hash);
    const { size } = await stat(output);
    const storageKey = await this.media.keep(organization, output, hash.digest());
    return { ...known, thumbnail: null, voice: { storageKey, sizeBytes: size } };
  }

  private async failed(organization: OrganizationId, { id, tries }: Claimed, error: unknown): Promise<void> {
    const isOurs = error instanceof MediaStoreUnavailable || this.ending.signal.aborted;
    const final = !isOurs && (tries >= TRIES_MAX || error instanceof InspectionFailed || error instanceof MediaGone);
    this.log.warn({ media: id, final, error: String(error) }, 'file not prepared');
    await this.db.asTenantSql(organization, (sql) =>
      this.files.notPrepared(sql, id, tries, { final, counts: !isOurs, delayMs: RETRY_MS }),
    );
  }
}
