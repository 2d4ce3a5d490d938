import { buffer } from 'node:stream/consumers';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/domain-error.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { MediaGone } from '../media/media.errors.ts';
import { MediaStore } from '../media/media.store.ts';
import { holdLease } from '../sessions/hold-lease.ts';
import {
  type GroupActions,
  type GroupCommands,
  GroupRefused,
  GroupUnanswered,
} from '../sessions/session-group-commands.ts';
import { dueOf, SessionLines } from '../sessions/session-lines.ts';
import { SessionOffline, StaleLease } from '../sessions/sessions.errors.ts';
import { askerOf, type ClaimedAction, type Ending, GroupActionsRepository } from './group-actions.repository.ts';
import { GroupAdditionsRepository } from './group-additions.repository.ts';
import { ASKED_TOO_MUCH, refusedAs } from './group-failures.ts';
import { GroupInvitations } from './group-invitations.ts';
import { standingOf } from './group-standing.ts';
import { carryOut, type VerbHelp } from './group-verbs.ts';
import { groupActionEnded } from './groups.events.ts';

/** WhatsApp is asked less when it says so: after the first pause, after twice as long, until the last. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 32_000;
/** What was begun so often and never ended is left. */
const TRIES_MAX = 4;

const FILE = 'select storage_key from media where id = $1 and removed_at is null';

/** What waits, what was begun and not ended, and the next steps of staged additions. */
const DUE = `select session_id from mine join private.group_actions using (organization_id, session_id) where ended_at is null
  union select session_id from mine join private.group_additions using (organization_id, session_id) where state = 'running' and next_at <= now()`;

/**
 * Does to groups what people asked for, from the numbers that are connected here: for each number one after the other, in the
 * order in which it was asked. What is asked for stands in rows, so it is done whichever node runs the number; what a node began
 * and did not end, the next one finds.
 */
@Injectable()
export class GroupActionRunner implements GroupActions, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(GroupActionRunner.name);
  private readonly lines: SessionLines<GroupCommands>;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly db: TenantDb,
    private readonly facts: Facts,
    private readonly media: MediaStore,
    private readonly actions: GroupActionsRepository,
    private readonly additions: GroupAdditionsRepository,
    private readonly invitations: GroupInvitations,
    system: SystemDb,
  ) {
    this.lines = new SessionLines(clock, {
      work: (groups) => this.carryOutAll(groups),
      due: (leases) => dueOf(system, DUE, leases),
      failed: (session, error) => this.log.warn({ session, error: String(error) }, 'groups not changed'),
    });
  }

  onApplicationBootstrap(): void {
    this.signals.on('group_actions', ({ session }) => this.lines.wake(session));
    this.signals.on('suspension', ({ organization }) => this.lines.wakeAll(organization));
    this.lines.start();
  }

  onApplicationShutdown(): void {
    this.lines.stop();
  }

  opened(groups: GroupCommands): void {
    this.forget(groups);
    this.lines.opened(groups);
  }

  private async carryOutAll(groups: GroupCommands): Promise<void> {
    while (groups.mayAct()) {
      const action = await this.asOwner(groups, async (sql) => {
        await this.additions.step(sql, groups.lease);
        return this.actions.claim(sql, groups.lease);
      });
      if (!action) return;
      const isOver = await this.carryOut(groups, action);
      await this.pause(groups, isOver ? this.config.outbox.minGapMs : FIRST_PAUSE_MS);
    }
  }

  /** Ends it, but where the connection went: what is begun then waits for the next one. @returns whether it has ended */
  private async carryOut(groups: GroupCommands, action: ClaimedAction): Promise<boolean> {
    const ending = await this.endingOf(groups, action);
    if (!ending) return false;
    const { organization } = groups.lease;
    await this.end(groups, action, ending);
    this.signals.send('group_action_ended', { action: action.id });
    this.signals.send('outbox', { session: groups.lease.session });
    this.signals.send('facts', { organization });
    return true;
  }

  /** With the invitations of those who need one: both are there or neither. @throws StaleLease */
  private end({ lease }: GroupCommands, action: ClaimedAction, ending: Ending): Promise<void> {
    const fence = (sql: TenantSql) => holdLease(sql, lease);
    const jid = ending.jid ?? action.group_jid;
    const people = ending.result?.participants;
    return settlingPeople(
      this.db,
      lease.organization,
      async (sql) => {
        await fence(sql);
        const invited =
          jid && people && action.args.invite === true
            ? await this.invitations.send(sql, lease, { jid, sentBy: askerOf(action) }, people)
            : people;
        const result = ending.result && { ...ending.result, ...(invited ? { participants: invited } : {}) };
        const told = { ...ending, ...(result ? { result } : {}) };
        if (await this.actions.end(sql, lease, action.id, told)) await this.additions.settle(sql, action, told);
        await this.facts.addSql(sql, groupActionEnded(lease.organization, { ...action, state: ending.state }));
      },
      fence,
    );
  }

  /** @returns null when nobody knows: it is to be looked at again */
  private async endingOf(groups: GroupCommands, action: ClaimedAction): Promise<Ending | null> {
    if (action.late) return failed('session_offline');
    if (action.tries > TRIES_MAX) return this.lost(groups, action);
    try {
      const { jid, result } = await this.patiently(groups, () =>
        carryOut({ groups, action, help: this.help(groups, action) }),
      );
      return { state: 'done', result, ...(jid ? { jid } : {}) };
    } catch (error) {
      if (error instanceof GroupRefused) return this.refused(groups, action, error.code);
      if (groups.closed.aborted || error instanceof SessionOffline || error instanceof StaleLease) return null;
      if (error instanceof GroupUnanswered) return null;
      if (error instanceof DomainError) return failed(error.code);
      this.log.warn({ session: groups.lease.session, kind: action.kind, error: String(error) }, 'group action failed');
      return null;
    }
  }

  /** Waits where WhatsApp says that it is too much, longer each time. */
  private async patiently<T>(groups: GroupCommands, work: () => Promise<T>): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        return await work();
      } catch (error) {
        const isTooMuch = error instanceof GroupRefused && error.code === ASKED_TOO_MUCH;
        if (!isTooMuch || pauseMs > LAST_PAUSE_MS || !groups.mayAct()) throw error;
        await this.pause(groups, pauseMs);
      }
    }
  }

  private async pause({ closed }: GroupCommands, ms: number): Promise<void> {
    const pause = this.clock.pause(ms);
    closed.addEventListener('abort', pause.end, { once: true });
    await pause.over;
    closed.removeEventListener('abort', pause.end);
  }

  /** WhatsApp has it otherwise than we do. */
  private async refused(groups: GroupCommands, { kind, group_jid: jid }: ClaimedAction, code: number): Promise<Ending> {
    if (jid && code !== ASKED_TOO_MUCH) await groups.askAgain(jid);
    return failed(refusedAs(kind, code), code);
  }

  private async lost(groups: GroupCommands, { group_jid: jid }: ClaimedAction): Promise<Ending> {
    if (jid) await groups.askAgain(jid);
    else groups.askForAll();
    return failed('group_action_interrupted');
  }

  private help({ lease: { organization } }: GroupCommands, action: ClaimedAction): VerbHelp {
    const ask = <T>(work: (sql: TenantSql) => Promise<T>) => this.db.asTenantSql(organization, work);
    return {
      people: (named, jid) => ask((sql) => this.actions.people(sql, jid ?? '', named)),
      kind: (jid) => ask(async (sql) => (await standingOf(sql, jid, action.session_id)).kind),
      made: () => ask(async (sql) => (await this.actions.get(sql, action.id)).group_jid),
      picture: async (media) => {
        const { rows } = await ask((sql) => sql.query<{ storage_key: string }>(FILE, [media]));
        if (!rows[0]) throw new MediaGone();
        return buffer(await this.media.open(rows[0].storage_key));
      },
    };
  }

  private forget({ lease: { organization, session } }: GroupCommands): void {
    this.db
      .asTenantSql(organization, (sql) => this.actions.forget(sql, session))
      .catch((error: unknown) => this.log.warn({ session, error: String(error) }, 'old group actions not forgotten'));
  }

  private asOwner<T>({ lease }: GroupCommands, work: (sql: TenantSql) => Promise<T>): Promise<T> {
    return this.db.asTenantSql(lease.organization, async (sql) => {
      await holdLease(sql, lease);
      return work(sql);
    });
  }
}

const failed = (code: string, whatsappCode: number | null = null): Ending => ({
  state: 'failed',
  error: { code, whatsappCode },
});
