/**
 * Misbehaviour on command. A fault has a target (a phone number, whose linked devices suffer it, or `*`) and stays
 * armed until its `count` is used up or it is cleared.
 */
import type { Connections } from './connections.ts';
import type { Directory } from './directory.ts';
import { node } from '../protocol/node.ts';
import type { Connection } from './connection.ts';

/** Faults that happen once, as soon as they are armed, to the connections that are open then. */
export const IMMEDIATE_FAULTS = ['drop-socket', 'stream-error', 'replaced', 'unlinked'] as const;

/** Faults that wait for their occasion. */
export const STANDING_FAULTS = [
  'delay',
  'refuse-login',
  'lose-receipt',
  'gather-receipts',
  'lose-notification',
  'rate-limit',
  'group-rate-limit',
  'group-change-rate-limit',
  'silent',
  'duplicate',
  'reorder',
  'passkey-wall',
  'expire-qr',
  'media-upload-error',
  'media-gone',
  'media-retry-silent',
  'media-retry-refused',
] as const;

export type ImmediateFault = (typeof IMMEDIATE_FAULTS)[number];
export type StandingFault = (typeof STANDING_FAULTS)[number];

export type FaultOptions = Readonly<{
  target: string;
  kind: ImmediateFault | StandingFault;
  /** How often it strikes; without it, until cleared. */
  count?: number;
  /** How long after it was set it is armed. */
  afterMs?: number;
  /** Chance of striking at each occasion, 0 to 1. */
  probability?: number;
  /** `refuse-login`: failure reason; `stream-error`: stream code; `rate-limit`: error of the ack. */
  code?: number;
  /** `delay`: how long each stanza to the target is held. */
  delayMs?: number;
}>;

export type Fault = FaultOptions & Readonly<{ id: string; struck: number }>;

type Armed = { options: FaultOptions; id: string; struck: number; armedAt: number };

export class Faults {
  readonly #directory: Directory;
  readonly #connections: Connections;
  readonly #unlink: (phone: string, deviceId: number) => void;
  readonly #armed = new Map<string, Armed>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #nextId = 1;

  constructor(directory: Directory, connections: Connections, unlink: (phone: string, deviceId: number) => void) {
    this.#directory = directory;
    this.#connections = connections;
    this.#unlink = unlink;
  }

  list(): Fault[] {
    return [...this.#armed.values()].map(({ options, id, struck }) => ({ ...options, id, struck }));
  }

  add(options: FaultOptions): Fault {
    const fault: Armed = {
      options,
      id: String(this.#nextId++),
      struck: 0,
      armedAt: Date.now() + (options.afterMs ?? 0),
    };
    this.#armed.set(fault.id, fault);
    if (isImmediate(options.kind)) this.#schedule(fault, options.kind);
    return { ...options, id: fault.id, struck: fault.struck };
  }

  clear(): void {
    this.#armed.clear();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /**
   * Asks whether a fault strikes now, and counts the strike if it does.
   * @param phone whose occasion it is; undefined when nobody's yet (a device that is not linked): only `*` fits then.
   */
  strike(kind: StandingFault, phone: string | undefined): FaultOptions | undefined {
    if (this.#armed.size === 0) return undefined;
    for (const fault of this.#armed.values()) {
      const { options } = fault;
      if (options.kind !== kind || (options.target !== '*' && options.target !== phone)) continue;
      if (Date.now() < fault.armedAt || Math.random() >= (options.probability ?? 1)) continue;
      this.#struck(fault);
      return options;
    }
    return undefined;
  }

  /** Whether messages of `phone` are being refused with `code`. Does not count as a strike. */
  isLimited(phone: string, code: number): boolean {
    return this.list().some(
      (fault) => fault.kind === 'rate-limit' && fault.code === code && ['*', phone].includes(fault.target),
    );
  }

  /** Whether one waits for its occasion still. Does not count as a strike. */
  isArmed(kind: StandingFault, phone: string): boolean {
    return this.list().some((fault) => fault.kind === kind && ['*', phone].includes(fault.target));
  }

  #struck(fault: Armed): void {
    fault.struck += 1;
    if (fault.options.count !== undefined && fault.struck >= fault.options.count) this.#armed.delete(fault.id);
  }

  #schedule(fault: Armed, kind: ImmediateFault): void {
    const happen = () => {
      this.#armed.delete(fault.id);
      for (const connection of this.#connections.matching(fault.options.target)) {
        if (Math.random() < (fault.options.probability ?? 1)) this.#befall(connection, kind, fault.options);
      }
    };
    if (!fault.options.afterMs) return happen();
    const timer = setTimeout(happen, fault.options.afterMs);
    this.#timers.add(timer);
  }

  #befall(connection: Connection, kind: ImmediateFault, { code = 515 }: FaultOptions): void {
    switch (kind) {
      case 'drop-socket':
        return connection.terminate();
      case 'stream-error':
        return connection.end(node('stream:error', { code: String(code) }));
      case 'replaced':
        return connection.end(node('stream:error', {}, [node('conflict', { type: 'replaced' })]));
      case 'unlinked': {
        const { device } = connection;
        if (device && this.#directory.companion(device)) this.#unlink(device.phone, device.id);
      }
    }
  }
}

function isImmediate(kind: FaultOptions['kind']): kind is ImmediateFault {
  return (IMMEDIATE_FAULTS as readonly string[]).includes(kind);
}
