/**
 * Calls, as far as a linked device takes part in them: it hears one ring, and may turn it down. There is no sound, and
 * nothing of a call is kept. Learnt from Baileys' `messages-recv.js` (handleCall, rejectCall), `generics.js`
 * (getCallStatusFromNode) and whatsmeow's `call.go`.
 */
import { randomBytes } from 'node:crypto';
import { type BinaryNode, child, node } from '../protocol/node.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { ServerContext } from './context.ts';
import { deliverLive } from './delivery.ts';
import { type DeviceRef, deviceKey, PHONE_DEVICE } from './directory.ts';

export type CallState = 'ringing' | 'rejected' | 'ended';

/** `from` and `to` are phone numbers. */
export type PhoneCall = Readonly<{
  id: string;
  from: string;
  to: string;
  video: boolean;
  state: CallState;
  at: number;
}>;

const boards = new WeakMap<ServerContext, Map<string, PhoneCall>>();

function board(context: ServerContext): Map<string, PhoneCall> {
  const calls = boards.get(context) ?? new Map<string, PhoneCall>();
  boards.set(context, calls);
  return calls;
}

/** Calls that a phone takes part in, the oldest first. */
export const callsOf = (context: ServerContext, phone: string): PhoneCall[] =>
  [...board(context).values()].filter(({ from, to }) => from === phone || to === phone);

/** Rings at all linked devices that are there; one who blocked the caller hears nothing. */
export function placeCall(context: ServerContext, from: string, to: string, video: boolean): PhoneCall {
  const id = randomBytes(16).toString('hex').toUpperCase();
  const call: PhoneCall = { id, from, to, video, state: 'ringing', at: Date.now() };
  change(context, call);
  const { directory, addressing } = context;
  if (directory.requireAccount(to).blocked.includes(from)) return call;
  const creator = { 'call-id': id, 'call-creator': directory.jidOf({ phone: from, id: PHONE_DEVICE }, addressing) };
  const media = [node('audio', { enc: 'opus', rate: '16000' }), ...(video ? [node('video', { enc: 'vp8' })] : [])];
  tell(context, call, node('offer', { ...creator, caller_pn: directory.userJid(from, 'pn') }, media));
  return call;
}

/** The caller gives up. */
export function endCall(context: ServerContext, call: PhoneCall): PhoneCall {
  if (call.state !== 'ringing') return call;
  tell(context, call, terminate(context, call));
  return change(context, { ...call, state: 'ended' });
}

/**
 * A linked device turns a call down: `<call to><reject call-id call-creator/></call>`.
 * @returns false when it says something else
 */
export function onCall(context: ServerContext, device: DeviceRef, stanza: BinaryNode): boolean {
  const rejected = child(stanza, 'reject');
  if (!rejected) return false;
  const call = board(context).get(rejected.attrs['call-id'] ?? '');
  const isTheirs = call?.to === device.phone && context.directory.find(stanza.attrs['to'])?.phone === call.from;
  if (!call || !isTheirs || call.state !== 'ringing') return true; // over already: the server acknowledges all the same
  tell(context, call, terminate(context, call), device);
  change(context, { ...call, state: 'rejected' });
  return true;
}

function change(context: ServerContext, call: PhoneCall): PhoneCall {
  board(context).set(call.id, call);
  const { id, from, to, state } = call;
  context.events.emit({ type: 'call', phone: from, with: to, id, direction: 'out', state });
  context.events.emit({ type: 'call', phone: to, with: from, id, direction: 'in', state });
  return call;
}

const terminate = (context: ServerContext, { id, from }: PhoneCall): BinaryNode =>
  node('terminate', {
    'call-id': id,
    'call-creator': context.directory.jidOf({ phone: from, id: PHONE_DEVICE }, context.addressing),
  });

function tell(context: ServerContext, { from, to }: PhoneCall, what: BinaryNode, but?: DeviceRef): void {
  const { directory, addressing } = context;
  const attrs = {
    from: directory.userJid(from, addressing),
    id: context.stanzaId(),
    t: String(nowSeconds()),
    notify: directory.requireAccount(from).name,
  };
  for (const device of directory.companionsOf(to)) {
    if (!but || deviceKey(but) !== deviceKey(device)) deliverLive(context, device, node('call', attrs, [what]));
  }
}
