import type { Media } from '../../generated/prisma/client.ts';
import {
  ApiKeyId,
  ConversationId,
  JobId,
  MessageId,
  GroupParticipantId,
  SessionId,
  TemplateId,
  UserId,
} from '../../kernel/ids.ts';
import type { MediaView } from '../media/media.dto.ts';
import { newChatAllowance, refusedByWhatsApp } from '../sessions/new-chats.ts';
import type { QuietHoursOf, SessionState } from '../sessions/sessions.dto.ts';
import { newChatQuotaOf, quietHoursOf } from '../sessions/sessions.views.ts';
import type { MessageContent } from './message-content.dto.ts';
import type { FailedChange } from './failed-changes.ts';
import type {
  FailedChangeView,
  MessageStatus,
  MessageTrigger,
  MessageType,
  MessageView,
  PollResult,
  QuotedMessage,
  ReactionView,
} from './messages.dto.ts';
import type { MessageRow, Queued } from './messages.rows.ts';
import { type HeldBack, heldBack, type Turn, waitsFor } from './outbox.rules.ts';
import { splitQuietHours } from './outbox.settings.ts';

/** How many chats a number may begin where nobody says so for it. */
type NewChatPace = Readonly<{ newChatsPerDay: number | null }>;

/** Of whoever reacts or votes, our own number. */
const SELF = 'self';

/** Statuses of what has not left. */
const WAITING: ReadonlySet<string> = new Set(['pending', 'queued', 'sending', 'cancelled']);

/** @param mediaView makes the signed link of a file */
export function messageView(
  row: MessageRow,
  { now, pace, mediaView }: { now: Date; pace: NewChatPace; mediaView: (media: Media) => MediaView },
): MessageView {
  const held = heldBackOf(row, now, pace);
  const content = row.content as MessageContent | null;
  return {
    id: MessageId.parse(row.id),
    session_id: SessionId.parse(row.sessionId),
    conversation_id: ConversationId.parse(row.conversationId),
    direction: row.direction === 'inbound' ? 'inbound' : 'outbound',
    sender: senderIn(row),
    type: row.type as MessageType,
    text: row.text,
    content,
    reply_to: replyOf(row),
    target_whatsapp_message_id: row.targetWhatsappMessageId,
    reactions: reactionsOf(row),
    poll_results: resultsOf(row, content),
    media: row.media && !row.media.removedAt ? mediaView(row.media) : null,
    media_state: row.media?.removedAt ? 'removed' : (row.mediaState as MessageView['media_state']),
    status: row.status as MessageStatus,
    reach: reachOf(row),
    waiting_for: held?.reason ?? null,
    waiting_until: time(held?.until ?? null),
    error_code: row.errorCode,
    whatsapp_message_id: row.whatsappMessageId,
    priority: row.priority,
    scheduled_at: time(row.scheduledAt),
    created_at: row.createdAt.toISOString(),
    sent_at: time(row.sentAt),
    delivered_at: time(row.deliveredAt),
    read_at: time(row.readAt),
    played_at: time(row.playedAt),
    failed_at: time(row.failedAt),
    cancelled_at: time(row.cancelledAt),
    edited_at: time(row.editedAt),
    deleted_at: time(row.deletedAt),
    failed_changes: row.failedChanges.map(failedChangeView),
    dismissed_at: time(row.dismissedAt),
    ...originOf(row),
  };
}

const senderIn = ({ sender }: MessageRow): MessageView['sender'] =>
  sender && {
    participant_id: GroupParticipantId.parse(sender.id),
    name: sender.name,
    phone_number: sender.phone_number,
  };

function reachOf({ recipients, reached, status }: MessageRow): MessageView['reach'] {
  if (recipients === null || WAITING.has(status)) return null;
  const { delivered = 0, read = 0, played = 0 } = reached ?? {};
  return { recipients, delivered, read, played };
}

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

function heldBackOf(row: MessageRow, now: Date, pace: NewChatPace): HeldBack | null {
  const waits = row.status === 'pending' || row.status === 'queued';
  if (waits && row.jobState === 'paused') return { reason: 'paused', until: null };
  if (row.status === 'pending') return { reason: 'scheduled', until: row.scheduledAt };
  if (row.status !== 'queued') return null;
  return heldBack(senderOf(row), now) ?? (row.queued && waitsFor(turnOf(row, row.queued, pace, now)));
}

const senderOf = ({
  session: { state, quietFrom, quietTo, quietTimeZone, quietHoursOf: of, organization },
}: MessageRow) => ({
  state: state as SessionState,
  ...splitQuietHours(quietHoursOf(quietFrom, quietTo, quietTimeZone), of as QuietHoursOf),
  suspended: organization.suspension !== null,
});

const CHATS = ['established', 'begun', 'to be begun'] as const;

function turnOf({ session, media }: MessageRow, queued: Queued, pace: NewChatPace, now: Date): Turn {
  const { newChatsPerDay: setting, linkedAt, createdAt, reachOutUntil } = session;
  const allowed = newChatAllowance(pace.newChatsPerDay, { setting, linkedAt: linkedAt ?? createdAt }, now);
  return {
    asleepUntil: queued.asleepUntil,
    chat: CHATS[queued.newChat] ?? 'established',
    refused: refusedByWhatsApp({ reachOutUntil, quota: newChatQuotaOf(session) }, now),
    today: { begun: queued.begunToday, allowed: allowed?.perDay ?? null, until: queued.tomorrow },
    file: fileAwaited(media, queued),
  };
}

function fileAwaited(media: Media | null, { readsFile, againAt }: Queued): Turn['file'] {
  if (!readsFile) return undefined;
  if (media?.preparation === 'pending') return { until: null };
  return againAt ? { until: againAt } : undefined;
}

const originOf = (row: MessageRow) => ({
  sent_by: senderNamed(row),
  trigger: row.trigger as MessageTrigger | null,
  template_id: row.templateId === null ? null : TemplateId.parse(row.templateId),
  template_parameters: row.templateParameters as Record<string, string> | null,
  related_type: row.relatedType,
  related_id: row.relatedId,
  job_id: row.jobId === null ? null : JobId.parse(row.jobId),
});

function senderNamed({ sentByUserId: user, sentByKeyId: key }: MessageRow): MessageView['sent_by'] {
  if (user !== null) return { type: 'user', id: UserId.parse(user) };
  return key === null ? null : { type: 'key', id: ApiKeyId.parse(key) };
}

const failedChangeView = ({ id, type, text, errorCode, failedAt, retryable }: FailedChange): FailedChangeView => ({
  id: MessageId.parse(id),
  type,
  text,
  error_code: errorCode,
  failed_at: failedAt.toISOString(),
  retryable,
});

function replyOf({ replyTo, quoted }: MessageRow): MessageView['reply_to'] {
  if (replyTo === null) return null;
  const { sender, ...said } = replyTo as QuotedMessage;
  return {
    ...said,
    message_id: quoted === null ? null : MessageId.parse(quoted.id),
    sender_name: quoted?.writer?.name ?? quoted?.writer?.phone_number ?? sender?.phone_number ?? null,
  };
}

/** What the most chose first; of as many the one that came first. */
function reactionsOf({ reactions }: MessageRow): ReactionView[] {
  const byEmoji = new Map<string, ReactionView>();
  for (const { emoji, author } of reactions) {
    const { count = 0, mine = false } = byEmoji.get(emoji) ?? {};
    byEmoji.set(emoji, { emoji, count: count + 1, mine: mine || author === SELF });
  }
  return [...byEmoji.values()].toSorted((a, b) => b.count - a.count);
}

function resultsOf({ type, votes }: MessageRow, content: MessageContent | null): PollResult[] | null {
  if (type !== 'poll' || !content?.poll) return null;
  return content.poll.options.map((option, place) => {
    const chosen = votes.filter(({ options }) => options.includes(place));
    return { option, votes: chosen.length, mine: chosen.some(({ author }) => author === SELF) };
  });
}
