import type { Automation } from '../../generated/prisma/client.ts';
import { AutomationId, NotificationId, SessionId, TemplateId } from '../../kernel/ids.ts';
import type { Channel } from '../notifications/notifications.dto.ts';
import type { AutomationRunView, AutomationView, Condition, SkipReason, VariableSource } from './automations.dto.ts';
import type { RunRow } from './automations.repository.ts';

export const automationView = (row: Automation): AutomationView => ({
  id: AutomationId.parse(row.id),
  name: row.name,
  enabled: row.enabled,
  event: row.event,
  keywords: row.keywords as string[],
  keyword_match: row.keywordMatch as 'whole' | 'contains',
  day_name: row.dayName,
  days_before: row.daysBefore,
  local_hour: row.localHour,
  conditions: row.conditions as Condition[],
  delay_minutes: row.delayMinutes,
  channel: row.channel as Channel,
  session_id: row.sessionId ? SessionId.parse(row.sessionId) : null,
  template_id: TemplateId.parse(row.templateId),
  variables: row.variables as Record<string, VariableSource>,
  subject: row.subject,
  priority: row.priority,
  created_by: row.createdBy,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

export const runView = ({ event, notification, ...row }: RunRow): AutomationRunView => ({
  id: row.id,
  automation_id: AutomationId.parse(row.automationId),
  event_id: event.eventId,
  event: event.name,
  outcome: row.outcome as 'acted' | 'skipped',
  reason: row.reason as SkipReason | null,
  detail: row.detail,
  recipient: row.recipient,
  notification_id: row.notificationId ? NotificationId.parse(row.notificationId) : null,
  notification_state: notification?.state ?? null,
  notification_error: notification?.errorCode ?? null,
  created_at: row.createdAt.toISOString(),
});

/** What the audit log says of it: no text that people are told. */
export const settingsOf = ({ variables, conditions, subject, ...view }: AutomationView) => ({
  name: view.name,
  enabled: view.enabled,
  event: view.event,
  keywords: view.keywords,
  keyword_match: view.keyword_match,
  day_name: view.day_name,
  days_before: view.days_before,
  local_hour: view.local_hour,
  conditions: conditions.map(({ field, operator }) => `${field} ${operator}`),
  delay_minutes: view.delay_minutes,
  channel: view.channel,
  session_id: view.session_id,
  template_id: view.template_id,
  variables: Object.keys(variables),
  has_subject: subject !== null,
  priority: view.priority,
});
