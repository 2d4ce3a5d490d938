import {
  Injectable,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Logger } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { Tracing } from '../../platform/tracing/tracing.ts';
import { NumberCheckRunner } from '../contacts/number-check-runner.ts';
import { NumberChecks } from '../contacts/number-checks.ts';
import { MediaFetcher } from '../media/media.fetcher.ts';
import { MediaStore } from '../media/media.store.ts';
import type {
  FileAnswer,
  IncomingMessage,
  IncomingReceipt,
  Lease,
  OpenSession,
  Peer,
  ServerAck,
  SessionTraffic,
} from '../sessions/session-traffic.ts';
import { SessionsSupervisor } from '../sessions/sessions.supervisor.ts';
import { CallAnswers } from './call-answers.ts';
import { GroupReceiptsRepository } from './group-receipts.repository.ts';
import { InboundRepository } from './inbound.repository.ts';
import { LinkPreviews } from './link-previews.ts';
import { type DrainDeps, OutboxDrain } from './outbox.drain.ts';
import { OutboxTimesRepository } from './outbox-times.repository.ts';
import { OutboxRepository } from './outbox.repository.ts';
import { ReceiptsRepository } from './receipts.repository.ts';

/** Covers a signal that was lost, and finds the times that have come. */
const SWEEP_MS = 2_000;
/** Messages in one statement of the sweep. */
const SWEEP_MAX = 1_000;

/** The messages of the sessions that this node runs: stores what comes in, and has a drain for each open connection. */
@Injectable()
export class MessagesWorker implements SessionTraffic, OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(MessagesWorker.name);
  private readonly drains = new Map<string, OutboxDrain>();
  private cancelSweep: (() => void) | undefined;
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly supervisor: SessionsSupervisor,
    private readonly outbox: OutboxRepository,
    private readonly times: OutboxTimesRepository,
    private readonly inbound: InboundRepository,
    private readonly receiptsRepository: ReceiptsRepository,
    private readonly groupReceipts: GroupReceiptsRepository,
    private readonly media: MediaStore,
    private readonly previews: LinkPreviews,
    private readonly files: MediaFetcher,
    private readonly callAnswers: CallAnswers,
    private readonly checks: NumberChecks,
    private readonly checkRunner: NumberCheckRunner,
    private readonly tracing: Tracing,
  ) {}

  onModuleInit(): void {
    this.supervisor.setTraffic(this);
  }

  onApplicationBootstrap(): void {
    this.signals.on('outbox', ({ session }) => this.drains.get(session)?.wake());
    this.signals.on('files', ({ session }) => this.wakeFiles(session));
    this.signals.on('session', ({ session }) => this.drains.get(session)?.settingsChanged());
    this.signals.on('suspension', ({ organization }) => {
      for (const drain of this.drains.values())
        if (drain.session.lease.organization === organization) drain.settingsChanged();
    });
    this.signals.onConnected(() => this.wakeAll());
    this.scheduleSweep();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.cancelSweep?.();
  }

  opened(session: OpenSession): void {
    const { lease } = session;
    const deps: DrainDeps = {
      outbox: this.outbox,
      media: this.media,
      previews: this.previews,
      clock: this.clock,
      pace: this.config.outbox,
      tracing: this.tracing,
      checks: this.checks,
      changed: () => this.changed(lease),
    };
    const drain = new OutboxDrain(session, deps, this.drains.get(lease.session));
    this.drains.set(lease.session, drain);
    session.closed.addEventListener('abort', () => {
      void drain.idle().then(() => {
        if (this.drains.get(lease.session) === drain) this.drains.delete(lease.session);
      });
    });
    drain.wake();
    this.files.wake(session);
    this.checkRunner.opened(session);
  }

  async messages(lease: Lease, batch: readonly IncomingMessage[]): Promise<void> {
    await this.handling('inbound messages', lease, batch, () => this.inbound.storeMessages(lease, batch));
    this.changed(lease);
    const open = this.drains.get(lease.session)?.session;
    if (open && batch.some(({ hasFile }) => hasFile)) this.files.wake(open);
  }

  async receipts(lease: Lease, batch: readonly IncomingReceipt[]): Promise<void> {
    const ofGroups = batch.flatMap((one) => (one.reader ? [{ ...one, reader: one.reader }] : []));
    const ofTwo = batch.filter(({ reader }) => reader === null);
    await this.handling('inbound receipts', lease, batch, async () => {
      if (ofTwo.length > 0) await this.receiptsRepository.store(lease, ofTwo);
      if (ofGroups.length > 0) await this.groupReceipts.store(lease, ofGroups);
    });
    this.changed(lease);
  }

  async acked(lease: Lease, acks: readonly ServerAck[]): Promise<void> {
    const taken = acks.filter(({ error }) => error === null);
    if (taken.length > 0) await this.handling('acknowledgements', lease, taken, () => this.outbox.sent(lease, taken));
    for (const { whatsappMessageId, error } of acks) {
      if (error !== null) await this.drains.get(lease.session)?.refused(whatsappMessageId, error);
    }
    this.changed(lease);
  }

  identified(lease: Lease, pairs: readonly { phone: string; lid: string }[]): Promise<void> {
    return this.inbound.identify(lease, pairs);
  }

  async callRejected(lease: Lease, caller: Peer, text: string): Promise<void> {
    if (!(await this.callAnswers.accept(lease, caller, text, this.clock.now()))) return;
    this.drains.get(lease.session)?.wake();
    this.changed(lease);
  }

  async fileAnswered(lease: Lease, answer: FileAnswer): Promise<void> {
    await this.files.answered(lease, answer);
    this.wakeFiles(lease.session);
  }

  private wakeFiles(session: string): void {
    const open = this.drains.get(session)?.session;
    if (open) this.files.wake(open);
  }

  sentPayload(lease: Lease, whatsappMessageId: string): Promise<Uint8Array | null> {
    return this.outbox.payloadOf(lease.organization, lease.session, whatsappMessageId);
  }

  private handling(name: string, lease: Lease, batch: readonly unknown[], work: () => Promise<void>): Promise<void> {
    const about = {
      'wasel.organization.id': lease.organization,
      'wasel.session.id': lease.session,
      'messaging.batch.message_count': batch.length,
    };
    return this.tracing.span(name, 'consumer', about, work);
  }

  private changed({ organization }: Lease): void {
    this.signals.send('facts', { organization });
  }

  private wakeAll(): void {
    for (const [session, drain] of this.drains) {
      drain.wake();
      this.wakeFiles(session);
    }
  }

  private scheduleSweep(): void {
    if (this.stopped) return;
    this.cancelSweep = this.clock.setTimeout(() => {
      void this.sweep()
        .catch((error: unknown) => this.log.warn({ error: String(error) }, 'outbox not swept'))
        .finally(() => this.scheduleSweep());
    }, SWEEP_MS);
  }

  private async sweep(): Promise<void> {
    await this.letCome();
    if (this.drains.size === 0) return;
    const leases = [...this.drains.values()].map(({ session }) => session.lease);
    for (const [session, { inDoubt }] of await this.outbox.sweep(leases)) {
      const drain = this.drains.get(session);
      if (inDoubt) drain?.doubt();
      else drain?.wake();
    }
  }

  private async letCome(): Promise<void> {
    let due: Awaited<ReturnType<OutboxTimesRepository['come']>>;
    do {
      due = await this.times.come(SWEEP_MAX);
      for (const { organization, session } of due) {
        this.signals.send('outbox', { session });
        this.signals.send('facts', { organization });
      }
    } while (sumOf(due) === SWEEP_MAX && !this.stopped);
    let expired: Awaited<ReturnType<OutboxTimesRepository['expire']>>;
    do {
      expired = await this.times.expire(SWEEP_MAX);
      for (const { organization } of expired) this.signals.send('facts', { organization });
    } while (sumOf(expired) === SWEEP_MAX && !this.stopped);
  }
}

const sumOf = (groups: readonly { messages: number }[]): number =>
  groups.reduce((sum, { messages }) => sum + messages, 0);
