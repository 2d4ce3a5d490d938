import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { thumbnailOf } from '../media/media.content.ts';
import { holdLease } from '../sessions/hold-lease.ts';
import { type GroupActions, type GroupCommands, GroupRefused } from '../sessions/session-group-commands.ts';
import { dueOf, SessionLines } from '../sessions/session-lines.ts';
import { SessionOffline, StaleLease } from '../sessions/sessions.errors.ts';
import { ASKED_TOO_MUCH } from './group-failures.ts';
import { GroupPicturesRepository } from './group-pictures.repository.ts';
import { GroupPictureNotFound } from './groups.errors.ts';
import { groupUpdated } from './groups.events.ts';

/** Between two pictures that WhatsApp is asked for. */
const GAP_MS = 250;

/** JPEG; `etag` names it by its content. */
export type GroupPicture = Readonly<{ image: Buffer; etag: string }>;

/** From what is wanted, which is little, to the numbers that may ask for it. */
const DUE = `select distinct session_id from group_pictures p join group_sessions n using (organization_id, group_id)
    join mine using (organization_id, session_id)
  where p.wanted_at is not null and (p.asked_until is null or p.asked_until <= now())`;

/**
 * Shows what groups look like. Nobody asks WhatsApp for that before somebody wants to see it: then a number that is in the group
 * does, one picture after the other, whichever node runs it, and those who look are told when it is there. What was not answered
 * waits longer each time.
 */
@Injectable()
export class GroupPictures implements GroupActions, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(GroupPictures.name);
  private readonly lines: SessionLines<GroupCommands>;

  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly pictures: GroupPicturesRepository,
    system: SystemDb,
  ) {
    this.lines = new SessionLines(clock, {
      work: (groups) => this.lookAtAll(groups),
      due: (leases) => dueOf(system, DUE, leases),
      failed: (session, error) => this.log.warn({ session, error: String(error) }, 'pictures of groups not looked at'),
    });
  }

  onApplicationBootstrap(): void {
    this.signals.on('group_pictures', ({ organization }) => this.lines.wakeAll(organization));
    this.lines.start();
  }

  onApplicationShutdown(): void {
    this.lines.stop();
  }

  /** As it is kept; what nobody has looked at lately is asked for. @throws GroupNotFound | GroupPictureNotFound */
  async get(organization: OrganizationId, jid: string): Promise<GroupPicture> {
    const { image, wanted } = await this.db.asTenantSql(organization, async (sql) => {
      const row = await this.pictures.get(sql, jid);
      if (row.wanted) await this.pictures.want(sql, row.group_id);
      return row;
    });
    if (wanted) this.signals.send('group_pictures', { organization });
    if (!image) throw new GroupPictureNotFound(jid, wanted);
    return { image, etag: `"${createHash('sha256').update(image).digest('hex')}"` };
  }

  /** What was wanted while no number was there is looked at now; whoever asked for the number before may have died over it. */
  opened(groups: GroupCommands): void {
    void this.asOwner(groups, (sql) => this.pictures.release(sql, groups.lease))
      .catch((error: unknown) => this.warn(groups, error))
      .then(() => this.lines.opened(groups));
  }

  private async lookAtAll(groups: GroupCommands): Promise<void> {
    while (groups.mayAct() && (await this.look(groups))) await this.pause(groups);
  }

  /** @returns false when nothing is wanted */
  private async look(groups: GroupCommands): Promise<boolean> {
    const wanted = await this.asOwner(groups, (sql) => this.pictures.claim(sql, groups.lease));
    if (!wanted) return false;
    const image = await this.ask(groups, wanted.jid);
    if (image === undefined) return true; // by itself: others may be had
    const { organization } = groups.lease;
    await this.asOwner(groups, async (sql) => {
      await this.pictures.keep(sql, wanted, image);
      await this.facts.addSql(sql, groupUpdated(organization, wanted.group_id));
    });
    this.signals.send('facts', { organization });
    return true;
  }

  /** @returns null when there is none; undefined when it cannot be had now */
  private async ask(groups: GroupCommands, jid: string): Promise<Buffer | null | undefined> {
    try {
      const shown = await groups.picture(jid);
      return shown && (await thumbnailOf(shown));
    } catch (error) {
      const isTooMuch = error instanceof GroupRefused && error.code === ASKED_TOO_MUCH;
      if (isTooMuch || error instanceof SessionOffline) throw error;
      this.warn(groups, error);
      return undefined;
    }
  }

  private warn({ closed, lease: { session } }: GroupCommands, error: unknown): void {
    if (!closed.aborted && !(error instanceof StaleLease))
      this.log.warn({ session, error: String(error) }, 'pictures of groups not looked at');
  }

  private async pause({ closed }: GroupCommands): Promise<void> {
    const pause = this.clock.pause(GAP_MS);
    closed.addEventListener('abort', pause.end, { once: true });
    await pause.over;
    closed.removeEventListener('abort', pause.end);
  }

  private asOwner<T>({ lease }: GroupCommands, work: (sql: TenantSql) => Promise<T>): Promise<T> {
    return this.db.asTenantSql(lease.organization, async (sql) => {
      await holdLease(sql, lease);
      return work(sql);
    });
  }
}
