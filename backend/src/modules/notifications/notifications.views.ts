import type { Notification } from '../../generated/prisma/client.ts';
import { AutomationId, MessageId, NotificationId, SessionId, TemplateId } from '../../kernel/ids.ts';
import type { Channel, NotificationState, NotificationTrigger, NotificationView } from './notifications.dto.ts';
import { ATTEMPTS_MAX } from './notifications.rules.ts';

export const notificationView = (row: Notification): NotificationView => ({
  id: NotificationId.parse(row.id),
  channel: row.channel as Channel,
  recipient: row.recipient,
  session_id: row.sessionId ? SessionId.parse(row.sessionId) : null,
  template_id: TemplateId.parse(row.templateId),
  variables: row.variables as Record<string, string>,
  trigger: row.trigger as NotificationTrigger,
  automation_id: row.automationId ? AutomationId.parse(row.automationId) : null,
  related_type: row.relatedType,
  related_id: row.relatedId,
  priority: row.priority,
  scheduled_for: row.scheduledFor.toISOString(),
  attempts: row.attempts,
  max_attempts: ATTEMPTS_MAX,
  state: row.state as NotificationState,
  message_id: row.messageId ? MessageId.parse(row.messageId) : null,
  error_code: row.errorCode,
  error_detail: row.errorDetail,
  created_at: row.createdAt.toISOString(),
  settled_at: row.settledAt?.toISOString() ?? null,
});
