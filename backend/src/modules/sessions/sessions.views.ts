import { newChatAllowance, type NewChatQuota } from './new-chats.ts';
import { quietUntil } from './quiet-hours.ts';
import type {
  QuietHours,
  QuietHoursOf,
  SessionColor,
  SessionHealth,
  SessionReason,
  SessionState,
  SessionView,
} from './sessions.dto.ts';
import type { Session } from './sessions.repository.ts';

/** What the health of a number is told from, of one moment. */
export type HealthRow = {
  state: SessionState;
  reason: SessionReason | null;
  state_since: Date;
  last_seen_at: Date | null;
  last_received_at: Date | null;
  last_sent_at: Date | null;
  last_error: SessionReason | null;
  last_error_at: Date | null;
  quiet_from: string | null;
  quiet_to: string | null;
  quiet_time_zone: string | null;
  quiet_hours_of: QuietHoursOf;
  new_chats_per_day: number | null;
  linked_at: Date;
  new_chats: number;
  failed: number;
  queued: number;
  reconnects: number;
  received: number;
  stored: number;
};

/** Null of what the row lacks. */
export const quietHoursOf = (from: string | null, to: string | null, timeZone: string | null): QuietHours | null =>
  from && to && timeZone ? { from, to, time_zone: timeZone } : null;

/** Null of what the row lacks. */
export const newChatQuotaOf = (row: {
  newChatQuota: number | null;
  newChatQuotaUsed: number | null;
  newChatQuotaEndsAt: Date | null;
}): NewChatQuota | null =>
  row.newChatQuota !== null && row.newChatQuotaUsed !== null && row.newChatQuotaEndsAt
    ? { total: row.newChatQuota, used: row.newChatQuotaUsed, endsAt: row.newChatQuotaEndsAt }
    : null;

const shownQuota = (quota: NewChatQuota | null) =>
  quota && { total: quota.total, used: quota.used, ends_at: quota.endsAt.toISOString() };

const quietOf = ({ quietFrom, quietTo, quietTimeZone }: Session) => quietHoursOf(quietFrom, quietTo, quietTimeZone);

/** What people decide about a number, as the audit log names it. */
export function settingsOf(session: Session) {
  const quiet = quietOf(session);
  return {
    name: session.name,
    enabled: session.enabled,
    auto_reconnect: session.autoReconnect,
    is_default: session.isDefault,
    reject_calls: session.rejectCalls,
    reject_calls_text: session.rejectCallsText,
    proxy: session.proxy,
    color: session.color,
    max_per_minute: session.maxPerMinute,
    mark_online: session.markOnline,
    read_receipts: session.readReceipts,
    import_history: session.importHistory,
    new_chats_per_day: session.newChatsPerDay,
    quiet_hours_of: session.quietHoursOf,
    quiet_hours: quiet && `${quiet.from}–${quiet.to} ${quiet.time_zone}`,
  };
}

export const toView = (session: Session): SessionView => ({
  id: session.id,
  provider: session.provider === 'cloud' ? 'cloud' : 'baileys',
  name: session.name,
  phone_number: session.phoneNumber,
  push_name: session.pushName,
  state: session.state,
  reason: session.reason,
  enabled: session.enabled,
  auto_reconnect: session.autoReconnect,
  is_default: session.isDefault,
  connected_since: session.connectedSince?.toISOString() ?? null,
  last_seen_at: session.lastSeenAt?.toISOString() ?? null,
  attempts: session.attempts,
  state_since: session.stateSince.toISOString(),
  reject_calls: session.rejectCalls,
  reject_calls_text: session.rejectCallsText,
  quiet_hours: quietOf(session),
  proxy: session.proxy,
  color: session.color as SessionColor | null,
  max_per_minute: session.maxPerMinute,
  mark_online: session.markOnline,
  read_receipts: session.readReceipts,
  import_history: session.importHistory,
  new_chats_per_day: session.newChatsPerDay,
  quiet_hours_of: session.quietHoursOf as QuietHoursOf,
  reach_out_until: session.reachOutUntil?.toISOString() ?? null,
  new_chat_quota: shownQuota(newChatQuotaOf(session)),
  created_at: session.createdAt.toISOString(),
});

/** @param usual chats that a number of this node begins in a day */
export const toHealth = (row: HealthRow, now: Date, usual: number | null): SessionHealth => ({
  state: row.state,
  reason: row.reason,
  state_since: row.state_since.toISOString(),
  last_seen_at: row.last_seen_at?.toISOString() ?? null,
  last_received_at: row.last_received_at?.toISOString() ?? null,
  last_sent_at: row.last_sent_at?.toISOString() ?? null,
  queued: row.queued,
  failed: row.failed,
  quiet_until:
    row.quiet_hours_of === 'number'
      ? (quietUntil(now, quietHoursOf(row.quiet_from, row.quiet_to, row.quiet_time_zone))?.toISOString() ?? null)
      : null,
  today: { reconnects: row.reconnects, received: row.received, stored: row.stored, new_chats: row.new_chats },
  new_chats_allowed: allowedOf(row, now, usual),
  last_error:
    row.last_error && row.last_error_at ? { reason: row.last_error, at: row.last_error_at.toISOString() } : null,
});

function allowedOf(row: HealthRow, now: Date, usual: number | null): SessionHealth['new_chats_allowed'] {
  const allowed = newChatAllowance(usual, { setting: row.new_chats_per_day, linkedAt: row.linked_at }, now);
  return allowed && { per_day: allowed.perDay, because: allowed.because };
}
