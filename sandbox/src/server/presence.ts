/** Who is there and who is typing. Nothing of it is kept. */
import { type BinaryNode, children, node } from '../protocol/node.ts';
import { type AddressingMode, parseUserJid } from '../protocol/jid.ts';
import type { ServerContext } from './context.ts';
import { deliverLive } from './delivery.ts';
import { type DeviceRef, deviceKey } from './directory.ts';
import { findGroup } from './groups/book.ts';
import { relayGroupChatState } from './groups/relay.ts';

type Watcher = Readonly<{ device: DeviceRef; mode: AddressingMode }>;

/** Devices that are available, and who watches whom. */
export class PresenceBoard {
  readonly #available = new Map<string, Set<string>>();
  readonly #watchers = new Map<string, Map<string, Watcher>>();

  isAvailable(phone: string): boolean {
    return (this.#available.get(phone)?.size ?? 0) > 0;
  }

  has(device: DeviceRef): boolean {
    return this.#available.get(device.phone)?.has(deviceKey(device)) ?? false;
  }

  /** Returns whether this changes how the account is seen. */
  set(device: DeviceRef, available: boolean): boolean {
    const before = this.isAvailable(device.phone);
    const devices = this.#available.get(device.phone) ?? new Set();
    if (available) devices.add(deviceKey(device));
    else devices.delete(deviceKey(device));
    this.#available.set(device.phone, devices);
    return before !== this.isAvailable(device.phone);
  }

  watch(phone: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(phone) ?? new Map<string, Watcher>();
    watchers.set(deviceKey(watcher.device), watcher);
    this.#watchers.set(phone, watchers);
  }

  watchersOf(phone: string): Watcher[] {
    return [...(this.#watchers.get(phone)?.values() ?? [])];
  }
}

const boards = new WeakMap<ServerContext, PresenceBoard>();

export function presenceBoard(context: ServerContext): PresenceBoard {
  const board = boards.get(context) ?? new PresenceBoard();
  boards.set(context, board);
  return board;
}

export function setAvailable(context: ServerContext, device: DeviceRef, available: boolean): void {
  const board = presenceBoard(context);
  if (!board.set(device, available)) return;
  if (!available) context.directory.update(device.phone, { lastSeen: Math.floor(Date.now() / 1000) });
  context.events.emit({ type: 'presence', phone: device.phone, online: available });
  for (const watcher of board.watchersOf(device.phone)) sendPresence(context, watcher, device.phone);
}

/** `<presence type=available|unavailable name/>` about oneself, `<presence type=subscribe to/>` about another. */
export function onPresence(context: ServerContext, device: DeviceRef, stanza: BinaryNode): void {
  const { type, to } = stanza.attrs;
  if (type === 'subscribe') {
    const watched = context.directory.find(to);
    if (!watched) return;
    const watcher = { device, mode: parseUserJid(to)?.mode ?? 'pn' };
    presenceBoard(context).watch(watched.phone, watcher);
    sendPresence(context, watcher, watched.phone);
  } else if (type === 'available' || type === 'unavailable') {
    setAvailable(context, device, type === 'available');
  }
}

/** `<chatstate to><composing [media=audio]/></chatstate>` goes to all devices of the other side, or of the others in a group. */
export function onChatState(context: ServerContext, device: DeviceRef, stanza: BinaryNode): void {
  const { directory } = context;
  const group = findGroup(context, stanza.attrs['to']);
  if (group) return relayGroupChatState(context, group, device, stanza);
  const target = directory.find(stanza.attrs['to']);
  if (!target || target.phone === device.phone || target.blocked.includes(device.phone)) return;
  const mode = parseUserJid(stanza.attrs['to'])?.mode ?? 'pn';
  const relayed = node('chatstate', { from: directory.userJid(device.phone, mode) }, children(stanza));
  for (const listener of directory.devicesOf(target.phone)) deliverLive(context, listener, relayed);
}

function sendPresence(context: ServerContext, { device, mode }: Watcher, phone: string): void {
  const { directory } = context;
  const account = directory.requireAccount(phone);
  if (account.blocked.includes(device.phone)) return;
  const away = { type: 'unavailable', last: account.lastSeen === null ? 'deny' : String(account.lastSeen) };
  const state = presenceBoard(context).isAvailable(phone) ? {} : away;
  deliverLive(context, device, node('presence', { from: directory.userJid(phone, mode), ...state }));
}
