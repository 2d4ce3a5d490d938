/**
 * What WhatsApp lays on accounts that write to strangers: a time-lock during which no new chat begins, and a quota of new
 * chats for a cycle. Old chats go on. Learnt from Baileys' `messages-recv.js` (handleMexNotification) and `socket.js`
 * (fetchAccountReachoutTimelock, fetchNewChatMessageCap). That a new chat beyond the quota is refused with 463 is assumed.
 */
import { SERVER } from '../protocol/jid.ts';
import { node } from '../protocol/node.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { Restrictions } from '../store/rows.ts';
import type { ServerContext } from './context.ts';
import { deliver } from './delivery.ts';
import { type DeviceRef, PHONE_DEVICE } from './directory.ts';

/** The account may not begin a chat now. */
export const REACH_OUT_REFUSED = '463';

export const UNRESTRICTED: Restrictions = { reachOutUntil: null, newChats: null };

export const restrictionsOf = ({ directory }: ServerContext, phone: string): Restrictions =>
  directory.requireAccount(phone).restrictions ?? UNRESTRICTED;

/** Lays restrictions on an account, or takes them off, and tells its devices. */
export function restrict(context: ServerContext, phone: string, change: Partial<Restrictions>): Restrictions {
  const restrictions = { ...restrictionsOf(context, phone), ...change };
  context.store.transaction(() => {
    context.directory.update(phone, { restrictions });
    if (change.reachOutUntil !== undefined)
      tell(context, phone, 'NotificationUserReachoutTimelockUpdate', {
        xwa2_notify_account_reachout_timelock: timelockOf(restrictions),
      });
    if (change.newChats !== undefined)
      tell(context, phone, 'MessageCappingInfoNotification', {
        xwa2_notify_new_chat_messages_capping_info_update: cappingOf(restrictions),
      });
    context.store.afterCommit(() => context.events.emit({ type: 'phone', phone }));
  });
  return restrictions;
}

/** Counts a chat that a linked device begins. @returns whether it may not */
export function refusesNewChat(context: ServerContext, sender: DeviceRef, recipient: string): boolean {
  if (sender.id === PHONE_DEVICE || sender.phone === recipient) return false;
  const { reachOutUntil, newChats } = restrictionsOf(context, sender.phone);
  const locked = reachOutUntil !== null && reachOutUntil > Date.now();
  const capped = newChats !== null && newChats.cycleEnds > Date.now();
  if ((!locked && !capped) || newChats?.begun.includes(recipient) || hasChat(context, sender.phone, recipient))
    return false;
  if (locked || !newChats || newChats.begun.length >= newChats.quota) return true;
  restrict(context, sender.phone, { newChats: { ...newChats, begun: [...newChats.begun, recipient] } });
  return false;
}

function hasChat({ store }: ServerContext, phone: string, partner: string): boolean {
  for (const row of store.tables.chatMessages.group(phone).values()) if (row.chat === partner) return true;
  return false;
}

/** As `w:mex` tells it. */
export function timelockOf({ reachOutUntil }: Restrictions): object {
  const active = reachOutUntil !== null && reachOutUntil > Date.now();
  if (!active) return { is_active: false };
  return {
    is_active: true,
    time_enforcement_ends: String(Math.ceil(reachOutUntil / 1000)),
    enforcement_type: 'WEB_COMPANION_ONLY',
  };
}

/** As `w:mex` tells it. */
export function cappingOf({ newChats }: Restrictions): object {
  if (newChats === null || newChats.cycleEnds <= Date.now()) return { total_quota: -1, used_quota: 0 };
  const { quota, begun, cycleEnds } = newChats;
  const share = begun.length / quota;
  return {
    total_quota: quota,
    used_quota: begun.length,
    cycle_end_timestamp: String(Math.ceil(cycleEnds / 1000)),
    capping_status: share >= 1 ? 'CAPPED' : share >= 0.9 ? 'SECOND_WARNING' : share >= 0.75 ? 'FIRST_WARNING' : 'NONE',
  };
}

function tell(context: ServerContext, phone: string, operation: string, data: object): void {
  const update = node('update', { op_name: operation }, Buffer.from(JSON.stringify({ data })));
  for (const companion of context.directory.companionsOf(phone)) {
    const attrs = { from: SERVER, id: context.stanzaId(), type: 'mex', t: String(nowSeconds()) };
    deliver(context, companion, node('notification', attrs, [update]));
  }
}
