import type { Readable } from 'node:stream';
import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import type { GroupChange, GroupSnapshot } from '../session-groups.ts';
import type { Peer } from '../session-traffic.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { WhatsAppGroupCommands } from './group-commands.ts';
import { GroupEchoes } from './group-echoes.ts';
import { snapshotOf } from './group-stanzas.ts';
import { childrenOf } from './stanza.ts';

/** Whole seconds are all that WhatsApp tells; what happened in this one may be told yet. */
const SECOND_MS = 1_000;
/** Until a question is asked again that WhatsApp did not answer, as when it is asked too much; doubled each time. */
const RETRY_MS = 5_000;
const RETRY_MAX_MS = 300_000;
/** Between two groups that are asked for one by one. */
const GAP_MS = 250;
/** People in one transaction. */
const PEOPLE_MAX = 20_000;

type Rooms = Readonly<{
  socket: WASocket;
  self: () => Peer;
  /** Resolves when everything that was delivered so far is handed over. */
  delivered: () => Promise<void>;
  /** Fails when the connection goes meanwhile. */
  whileOpen: <T>(work: () => Promise<T>) => Promise<T>;
  /** What lies at one of WhatsApp's hosts. */
  fetch: (url: URL) => Promise<Readable>;
  warn: (error: unknown) => void;
}>;

/**
 * Keeps what is known of a number's groups true. What happens in them is notified; here is asked for what no notification said:
 * all of them when the number is new here or WhatsApp says that they are not as we know them, else one by one. It waits until
 * what happened meanwhile was delivered, for that says who did it.
 */
export class ConnectionGroups {
  private serverAheadMs = 0;
  private ready = false;
  private dirty = false;
  private running = false;
  private asked = false;
  private readonly echoes: GroupEchoes;

  constructor(
    private readonly options: Pick<ConnectionOptions, 'clock' | 'groups' | 'groupActions' | 'lease' | 'mayAct'>,
    private readonly closed: AbortSignal,
    private readonly rooms: Rooms,
  ) {
    this.echoes = new GroupEchoes(options.clock, closed);
    rooms.socket.ws.on('CB:success', ({ attrs }: BinaryNode) => {
      const seconds = Number(attrs.t);
      if (seconds > 0) this.serverAheadMs = seconds * SECOND_MS - options.clock.now().getTime();
    });
  }

  /** All that waited at the server was delivered. */
  caughtUp(): void {
    if (!this.ready) this.options.groupActions.opened(this.commands());
    this.ready = true;
    this.wake();
  }

  /** Something was told of a group, and is written down. */
  heard(stanza: BinaryNode): void {
    if (stanza.attrs.type === 'w:gp2') this.echoes.heard(stanza); // of a picture it tells beside it
  }

  private commands(): WhatsAppGroupCommands {
    const { closed, echoes } = this;
    const { lease, groups, mayAct } = this.options;
    const { socket, self, delivered, whileOpen, fetch } = this.rooms;
    const happened = (jid: string, what: GroupChange['what']) =>
      groups.groupsChanged(lease, self(), [{ inboxId: '', jid, at: this.serverNow(), actor: null, what }]);
    return new WhatsAppGroupCommands({
      lease,
      closed,
      socket,
      echoes,
      delivered,
      whileOpen,
      mayAct: () => !closed.aborted && mayAct(),
      askAgain: async (jid) => {
        await happened(jid, { type: 'unclear' });
        this.wake();
      },
      askForAll: () => {
        this.dirty = true;
        this.wake();
      },
      tell: (snapshot) => groups.groupsTold(lease, self(), { snapshots: [snapshot], at: this.serverNow(), all: null }),
      tellPicture: async (jid, id) => void (await happened(jid, { type: 'picture', id })),
      fetch,
    });
  }

  /**
   * WhatsApp says that something is not as this device has it.
   * @returns true when that is its groups, of which nobody else is to know
   */
  takesDirt(stanza: BinaryNode): boolean {
    if (childrenOf(stanza, 'dirty')[0]?.attrs.type !== 'groups') return false;
    this.dirty = true;
    this.wake();
    return true;
  }

  /** There may be something to ask for. */
  wake(): void {
    this.asked = true;
    if (!this.ready || this.running) return;
    this.running = true;
    void this.run();
  }

  private async run(): Promise<void> {
    let retryMs = RETRY_MS;
    while (this.asked && this.options.mayAct()) {
      this.asked = false;
      try {
        await this.ask();
        retryMs = RETRY_MS;
      } catch (error) {
        if (this.closed.aborted) break;
        this.rooms.warn(error);
        this.asked = true;
        await this.pause(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
    this.running = false;
  }

  private async ask(): Promise<void> {
    const { groups, lease, mayAct } = this.options;
    const { socket, delivered, self } = this.rooms;
    await delivered();
    const wanted = await groups.wanted(lease, self());
    if (wanted.all || this.dirty) {
      const at = this.serverNow();
      const all = Object.values(await socket.groupFetchAllParticipating());
      await this.tell(all.map(snapshotOf), at);
      if (this.dirty) await socket.cleanDirtyBits('groups');
      this.dirty = false;
      return;
    }
    // What is told counts as a second old; it has to be newer than what is asked about.
    if (wanted.since) await this.pause(Math.min(wanted.since.getTime() - this.serverNow().getTime(), RETRY_MAX_MS));
    for (const jid of wanted.jids) {
      if (!mayAct()) return;
      const at = this.serverNow();
      const snapshot = await socket.groupMetadata(jid).then(snapshotOf, (error: unknown) => {
        if (isGone(error)) return null;
        throw error;
      });
      await delivered();
      if (snapshot) await groups.groupsTold(lease, self(), { snapshots: [snapshot], at, all: null });
      else await groups.groupGone(lease, jid, at);
      await this.pause(GAP_MS);
    }
  }

  /** All of them, as many people at once as a transaction bears. */
  private async tell(snapshots: readonly GroupSnapshot[], at: Date): Promise<void> {
    const { groups, lease } = this.options;
    const { delivered, self } = this.rooms;
    const all = snapshots.map(({ jid }) => jid);
    await delivered();
    for (let next = 0; next < snapshots.length || next === 0;) {
      let [end, people] = [next, 0];
      while (end < snapshots.length && (end === next || people < PEOPLE_MAX))
        people += snapshots[end++]?.participants.length ?? 0;
      const last = end >= snapshots.length;
      await groups.groupsTold(lease, self(), { snapshots: snapshots.slice(next, end), at, all: last ? all : null });
      if (last) return;
      next = end;
    }
  }

  /** As WhatsApp's clock showed it a moment ago: what it tells of from now on is newer. */
  private serverNow(): Date {
    const ms = this.options.clock.now().getTime() + this.serverAheadMs;
    return new Date(Math.floor(ms / SECOND_MS - 1) * SECOND_MS);
  }

  private async pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    const pause = this.options.clock.pause(ms);
    const end = () => pause.end();
    this.closed.addEventListener('abort', end);
    await pause.over;
    this.closed.removeEventListener('abort', end);
  }
}

/** The number is not in it, or it is no more. */
const isGone = (error: unknown): boolean => {
  const status = (error as { output?: { statusCode?: number }; data?: number }).output?.statusCode;
  const code = (error as { data?: unknown }).data;
  return [status, code].some((one) => one === 403 || one === 404 || one === 410);
};
