import { Logger } from '@nestjs/common';
import type { Clock, Pause } from '../../kernel/clock.ts';
import type { MediaStore } from '../media/media.store.ts';
import type { NumberChecks } from '../contacts/number-checks.ts';
import { SessionOffline } from '../sessions/sessions.errors.ts';
import type { Chat, OpenSession } from '../sessions/session-traffic.ts';
import { DomainError } from '../../kernel/domain-error.ts';
import type { SpanAttributes, Tracing } from '../../platform/tracing/tracing.ts';
import { MediaGone, MediaInPreparation, MediaStoreUnavailable } from '../media/media.errors.ts';
import { contentOf, contentWithPreview, takesTime } from './claimed-content.ts';
import type { LinkPreviews } from './link-previews.ts';
import type { Claim } from './outbox.claims.ts';
import type { OutboxRepository } from './outbox.repository.ts';
import type { SendSettings } from './outbox.settings.ts';
import { newChatAllowance } from '../sessions/new-chats.ts';
import { asleepUntil } from './recipient-night.ts';
import { heldBack, nextSendAtMs, retryDelayMs, verdictOf } from './outbox.rules.ts';
import { type Pace, paceOf } from './pace.ts';

/** Claimed in one statement. Few under a pace, so that a message of higher priority does not wait behind many. */
const CLAIM_MAX = 50;
const READS_MAX = 200;
/** Under a pace, the times of so many sends outlive the process: more than a minute's. */
const SENDS_KEPT_MAX = 100;
const RETRY_AFTER_FAILURE_MS = 1_000;
/** How long what a person decided is believed; covers a signal that was lost. */
const SETTINGS_MAX_AGE_MS = 500;

/** Until a file is looked for again: that is still looked at; that the store did not give. */
const PREPARATION_WAIT_MS = 2_000;
const STORE_WAIT_MS = 15_000;

/** Of a message that was to be sent: it is sent or given up, is tried again later, or somebody holds it back by now. */
type Fate = 'done' | 'later' | 'held back';

export type DrainDeps = Readonly<{
  outbox: OutboxRepository;
  media: MediaStore;
  previews: LinkPreviews;
  clock: Clock;
  pace: Pace & Readonly<{ newChatsPerDay: number | null }>;
  tracing: Tracing;
  checks: NumberChecks;
  /** Statuses changed: tell whoever follows. */
  changed: () => void;
}>;

/**
 * Sends what is queued for one session while its connection is open: in order, at its pace, one at a time. It sleeps until
 * it is woken or the next message may leave; there is one timer per session, never one per message.
 */
export class OutboxDrain {
  private readonly log = new Logger(OutboxDrain.name);
  private readonly sentAtMs: number[] = [];
  private running: Promise<void> | undefined;
  private settings: Readonly<{ readAtMs: number; value: SendSettings }> | undefined;
  private woken = false;
  /** Something may have left without our knowing: it goes first, as it is. */
  private doubts = true;
  /**
   * What was claimed last, by an earlier connection at first, has not been dealt with: it may have left, and nothing that was
   * accepted later may be claimed before it.
   */
  private unsettled = true;
  private cancelTimer: (() => void) | undefined;
  private pause: Pause | undefined;

  /** @param before the drain of the number's last connection: what it has begun is over before this one takes up */
  constructor(
    readonly session: OpenSession,
    private readonly deps: DrainDeps,
    private before: OutboxDrain | undefined,
  ) {
    session.closed.addEventListener('abort', () => this.stop());
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.running;
  }

  /**
   * Takes up what was claimed and has not been dealt with, at the pace of whoever sent before: it leaves before the rest. The
   * lease is the same as that of the connection before: a claim that was still on its way would be taken for one of ours.
   */
  private async takeUp(): Promise<void> {
    const { outbox, clock } = this.deps;
    await this.before?.idle();
    this.before = undefined;
    await outbox.doubt(this.session.lease);
    this.doubts = true;
    if (this.sentAtMs.length === 0) {
      const agoMs = await outbox.lastSends(this.session.lease);
      this.sentAtMs.push(...agoMs.map((ago) => clock.monotonicMs() - ago));
    }
    this.unsettled = false;
  }

  /** There may be something to do. */
  wake(): void {
    this.woken = true;
    if (!this.session.closed.aborted) this.running ??= this.run().finally(() => (this.running = undefined));
  }

  /** Answers of the server are missing. */
  doubt(): void {
    this.doubts = true;
    this.wake();
  }

  /** A person changed how the number behaves. */
  settingsChanged(): void {
    this.settings = undefined;
    this.wake();
  }

  private stop(): void {
    this.cancelTimer?.();
    this.pause?.end();
  }

  /** The only timer: whoever wakes by it looks anew for what there is to wait for. */
  private wakeIn(ms: number): void {
    this.cancelTimer?.();
    if (!this.session.closed.aborted) this.cancelTimer = this.deps.clock.setTimeout(() => this.wake(), ms);
  }

  private async run(): Promise<void> {
    try {
      while (this.woken && this.session.mayAct()) {
        this.woken = false;
        await this.tellReads();
        await this.sendDue();
      }
    } catch (error) {
      if (this.session.closed.aborted) return;
      if (!(error instanceof SessionOffline)) this.warn(error);
      this.wakeIn(RETRY_AFTER_FAILURE_MS);
    }
  }

  private async sendDue(): Promise<void> {
    for (;;) {
      if (this.unsettled) await this.takeUp();
      if (!(await this.untilNextMayLeave()) || (await this.isHeldBack())) return;
      this.unsettled = true;
      const claims = await this.claim();
      const goesOn = claims.length > 0 && (await this.sendAll(await this.lookUp(await this.prepareTexts(claims))));
      this.unsettled = false;
      if (!goesOn) return;
    }
  }

  private async claim(): Promise<Claim[]> {
    const { outbox, pace, clock } = this.deps;
    const paced = pace.minGapMs > 0;
    const how = { limit: paced ? 1 : CLAIM_MAX, keepSends: paced ? Math.min(pace.maxPerMinute, SENDS_KEPT_MAX) : 0 };
    if (this.doubts) {
      const claims = await outbox.claim(this.session.lease, 'in doubt', how);
      this.doubts = claims.length === how.limit;
      if (claims.length > 0) return claims;
    }
    const { newChatsPerDay: setting, linkedAt } = await this.currentSettings();
    const allowed = newChatAllowance(pace.newChatsPerDay, { setting, linkedAt }, clock.now());
    const claims = await outbox.claim(this.session.lease, 'due', { ...how, newChatsPerDay: allowed?.perDay ?? null });
    this.doubts ||= claims.some(({ attempts }) => attempts > 0); // what follows one that is tried again may be in doubt
    return claims;
  }

  /**
   * One after the other, as long as nobody holds them back; what follows in a chat one that is to be tried again waits with it.
   * @returns false when somebody held them back: the rest is put back
   */
  private async sendAll(claims: readonly Claim[]): Promise<boolean> {
    const chatsThatWait = new Set<string>();
    const back: Claim[] = [];
    let stopped = false;
    for (const claim of claims) {
      stopped ||= await this.isHeldBack();
      if (stopped || chatsThatWait.has(claim.conversationId)) {
        back.push(claim);
        continue;
      }
      if (await this.isPutBack(claim)) continue;
      const fate = await this.sendOne(claim);
      if (fate === 'later') chatsThatWait.add(claim.conversationId);
      if (fate === 'held back') {
        stopped = true;
        back.push(claim);
      }
    }
    if (back.length > 0) {
      await this.deps.outbox.release(this.session.lease, back);
      this.doubts ||= back.some(({ inDoubt }) => inDoubt);
    }
    return !stopped;
  }

  /** What its number or its person does not bear now waits by itself; the others go on. */
  private async isPutBack(claim: Claim): Promise<boolean> {
    const { outbox, clock } = this.deps;
    const { lease } = this.session;
    const settings = await this.currentSettings();
    if (claim.newChat && settings.locked && !claim.inDoubt) {
      await outbox.release(lease, [claim]);
      this.settings = undefined;
      return true;
    }
    const until = asleepUntil(settings.recipientsHours, claim.phone, clock.now());
    if (until) await outbox.letSleep(lease, claim, until);
    return until !== null;
  }

  private async currentSettings(): Promise<SendSettings> {
    const { clock, outbox } = this.deps;
    const nowMs = clock.monotonicMs();
    if (!this.settings || nowMs - this.settings.readAtMs > SETTINGS_MAX_AGE_MS)
      this.settings = { readAtMs: nowMs, value: await outbox.settings(this.session.lease) };
    return this.settings.value;
  }

  /** Quiet hours: it goes on when they are over. A suspension: when a person says so. */
  private async isHeldBack(): Promise<boolean> {
    const { clock } = this.deps;
    const settings = await this.currentSettings();
    const now = clock.now();
    const held = heldBack({ state: 'connected', ...settings }, now);
    if (held?.until) this.wakeIn(held.until.getTime() - now.getTime());
    return held !== null;
  }

  /** @returns false when the connection ended meanwhile */
  private async untilNextMayLeave(): Promise<boolean> {
    const { clock } = this.deps;
    const pace = paceOf(this.deps.pace, (await this.currentSettings()).maxPerMinute);
    const waitMs = nextSendAtMs(this.sentAtMs, pace, Math.random()) - clock.monotonicMs();
    if (waitMs > 0) {
      this.pause = clock.pause(waitMs);
      await this.pause.over;
    }
    return this.session.mayAct();
  }

  /** In one statement for the whole batch; what takes its time is prepared when it is its turn. */
  private async prepareTexts(claims: readonly Claim[]): Promise<Claim[]> {
    const news = claims.filter((claim) => !takesTime(claim) && !claim.payload && !claim.expired);
    if (news.length === 0) return [...claims];
    const texts = await Promise.all(
      news.map(async (claim) => ({
        ...claim,
        payload: await this.session.encode(contentOf(claim, this.deps.media), addressOf(claim)),
      })),
    );
    await this.deps.outbox.prepare(this.session.lease, texts);
    const prepared = new Map(texts.map((text) => [text.whatsappMessageId, text]));
    return claims.map((claim) => prepared.get(claim.whatsappMessageId) ?? claim);
  }

  /**
   * Numbers that WhatsApp was not asked about lately, all of the batch at once. Who has a privacy address is known to it. Where
   * it says nothing, the message goes to the number as it is.
   */
  private async lookUp(claims: readonly Claim[]): Promise<Claim[]> {
    const unknown = claims.filter(({ phone, lid, canonical }) => phone && !lid && canonical === undefined);
    if (unknown.length === 0) return [...claims];
    const phones = unknown.flatMap(({ phone }) => phone ?? []);
    const answers = await this.deps.checks.ask(this.session, phones).catch(async (error: unknown) => {
      this.doubts ||= claims.some(({ inDoubt }) => inDoubt);
      if (!this.session.closed.aborted) await this.deps.outbox.release(this.session.lease, claims);
      throw error;
    });
    return claims.map((claim) => {
      const answer = claim.canonical === undefined && claim.phone ? answers.get(claim.phone) : undefined;
      return answer === undefined ? claim : { ...claim, canonical: answer?.phone ?? null };
    });
  }

  /** What a file or the page behind a link says. */
  private async prepareSlowly(claim: Claim): Promise<Uint8Array> {
    const { media, previews, outbox } = this.deps;
    const { outgoing, content } = await contentWithPreview(claim, media, previews);
    const payload = await this.session.encode(outgoing, addressOf(claim));
    await outbox.prepare(this.session.lease, [{ ...claim, content, payload }]);
    return payload;
  }

  private async sendOne(claim: Claim): Promise<Fate> {
    if (claim.expired && !claim.payload) {
      await this.giveUp(claim, 'expired');
      return 'done';
    }
    if (claim.optedOut && !claim.inDoubt) {
      await this.giveUp(claim, 'opted_out');
      return 'done';
    }
    if (claim.canonical === null && !claim.lid) {
      await this.giveUp(claim, 'not_on_whatsapp');
      return 'done';
    }
    try {
      return await this.deps.tracing.span('outbox send', 'producer', this.toldOf(claim), () => this.pass(claim));
    } catch (error) {
      if (error instanceof SessionOffline) throw error; // still claimed: the next connection sends it first
      if (error instanceof MediaStoreUnavailable || error instanceof MediaInPreparation)
        return this.awaitFile(claim, error);
      if (error instanceof MediaGone || (error instanceof DomainError && error.kind === 'invalid')) {
        await this.giveUp(claim, error.code);
        return 'done';
      }
      this.warn(error);
      return this.tryLater(claim.whatsappMessageId, 'send_failed');
    }
  }

  private async pass(claim: Claim): Promise<Fate> {
    const payload = claim.payload ?? (await this.prepareSlowly(claim));
    if (takesTime(claim) && (await this.isHeldBack())) return 'held back';
    await this.session.send({ whatsappMessageId: claim.whatsappMessageId, to: addressOf(claim), payload });
    this.sentAtMs.push(this.deps.clock.monotonicMs());
    if (this.sentAtMs.length > this.deps.pace.maxPerMinute) this.sentAtMs.shift();
    return 'done';
  }

  private toldOf({ messageId, type, attempts }: Claim): SpanAttributes {
    const { organization, session } = this.session.lease;
    return {
      'wasel.organization.id': organization,
      'wasel.session.id': session,
      'wasel.message.id': messageId,
      'wasel.message.type': type,
      'wasel.message.attempts': attempts,
    };
  }

  /** WhatsApp's server refused a message. */
  async refused(whatsappMessageId: string, error: string): Promise<void> {
    const { retry, code } = verdictOf(error);
    if (retry) {
      await this.tryLater(whatsappMessageId, code);
      return;
    }
    await this.deps.outbox.fail(this.session.lease, whatsappMessageId, code);
    if (code === 'reach_out_limited') {
      await this.deps.outbox.holdNewChats(this.session.lease);
      this.settings = undefined;
    }
    this.deps.changed();
  }

  /** The sweep finds it when its time has come. */
  private async tryLater(whatsappMessageId: string, code: string): Promise<Fate> {
    const { outbox, changed } = this.deps;
    const tries = await outbox.countAttempt(this.session.lease, whatsappMessageId);
    if (!tries) return 'done';
    if (tries.attempts < tries.max) {
      await outbox.postpone(this.session.lease, whatsappMessageId, { code, delayMs: retryDelayMs(tries.attempts) });
      return 'later';
    }
    await outbox.fail(this.session.lease, whatsappMessageId, code);
    changed();
    return 'done';
  }

  /** It leaves when its file can be read, however often that has to be tried. */
  private async awaitFile({ whatsappMessageId }: Claim, error: DomainError): Promise<Fate> {
    const delayMs = error instanceof MediaInPreparation ? PREPARATION_WAIT_MS : STORE_WAIT_MS;
    await this.deps.outbox.awaitFile(this.session.lease, whatsappMessageId, delayMs);
    this.deps.changed();
    return 'later';
  }

  private async giveUp(claim: Claim, code: string): Promise<void> {
    await this.deps.outbox.fail(this.session.lease, claim.whatsappMessageId, code);
    this.deps.changed();
  }

  private async tellReads(): Promise<void> {
    const { outbox } = this.deps;
    for (const { conversationId, ids, chat, sender } of await outbox.reads(this.session.lease, READS_MAX)) {
      await this.session.markRead(chat, ids, sender);
      await outbox.toldRead(this.session.lease, conversationId, ids);
    }
  }

  private warn(error: unknown): void {
    this.log.warn({ session: this.session.lease.session, error: String(error) }, 'outbox stopped for a moment');
  }
}

/** Of a person under the number as WhatsApp has it. */
const addressOf = ({ phone, lid, canonical, groupJid }: Claim): Chat =>
  groupJid === null ? { phone: canonical ?? phone, lid } : { groupJid };
