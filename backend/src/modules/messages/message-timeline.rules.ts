import type { FailedChange } from './failed-changes.ts';
import { cureOf, cureOfChange } from './message-failures.ts';
import type { TimelineEvent, TimelineStep } from './message-report.dto.ts';
import type { MessageView } from './messages.dto.ts';

/** A try that went wrong. */
export type Attempt = Readonly<{ number: number; failedAt: Date; errorCode: string; retryAt: Date | null }>;

/** In which order steps of the same moment came. */
const ORDER: readonly TimelineStep[] = [
  'accepted',
  'received',
  'scheduled',
  'attempt_failed',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'retried',
  'cancelled',
  'edited',
  'change_failed',
  'deleted',
];

/** Somebody had it sent again after it was given up. */
export type Retry = Readonly<{ retriedAt: Date; by: TimelineEvent['by']; failedAt: Date; errorCode: string | null }>;

/** What is known of a message beside itself. */
export type Beside = Readonly<{
  attempts: readonly Attempt[];
  retries: readonly Retry[];
  /** When its text was changed. */
  edits: readonly Date[];
  givenUpChanges: readonly Pick<FailedChange, 'type' | 'errorCode' | 'failedAt'>[];
}>;

/** The steps of a message, the first one first. */
export function timelineOf(
  message: MessageView,
  { attempts, retries, edits, givenUpChanges }: Beside,
): TimelineEvent[] {
  const inbound = message.direction === 'inbound';
  const { error_code: code } = message;
  const events: TimelineEvent[] = [
    step(inbound ? 'received' : 'accepted', message.created_at),
    ...(message.scheduled_at ? [{ ...step('scheduled', message.created_at), until: message.scheduled_at }] : []),
    ...attempts.map((attempt) => ({
      ...step('attempt_failed', attempt.failedAt.toISOString()),
      until: attempt.retryAt?.toISOString() ?? null,
      attempt: attempt.number,
      error: errorOf(attempt.errorCode),
    })),
    ...(inbound ? [] : at('sent', message.sent_at)),
    ...at('delivered', message.delivered_at),
    ...at('read', message.read_at),
    ...at('played', message.played_at),
    ...retries.flatMap(({ retriedAt, by, failedAt, errorCode }) => [
      { ...step('failed', failedAt.toISOString()), error: errorOf(errorCode) },
      { ...step('retried', retriedAt.toISOString()), by },
    ]),
    ...at('failed', message.failed_at).map((event) => ({ ...event, error: errorOf(code) })),
    ...at('cancelled', message.cancelled_at),
    ...edits.map((edited) => step('edited', edited.toISOString())),
    ...givenUpChanges.map(({ type, errorCode, failedAt }) => ({
      ...step('change_failed', failedAt.toISOString()),
      change: type,
      error: errorCode === null ? null : { code: errorCode, detail: cureOfChange(errorCode) },
    })),
    ...at('deleted', message.deleted_at),
  ];
  return events.toSorted(
    (a, b) => placeOf(a).localeCompare(placeOf(b)) || ORDER.indexOf(a.step) - ORDER.indexOf(b.step),
  );
}

/** WhatsApp's times are whole seconds; what it tells of came after what was done here in the same one. */
const TOLD_BY_WHATSAPP = new Set<TimelineStep>(['sent', 'delivered', 'read', 'played', 'edited', 'deleted']);
const placeOf = ({ step: name, at: time }: TimelineEvent): string =>
  TOLD_BY_WHATSAPP.has(name) ? time.replace(/\.000Z$/, '.999Z') : time;

const step = (name: TimelineStep, time: string): TimelineEvent => ({
  step: name,
  at: time,
  until: null,
  attempt: null,
  error: null,
  change: null,
  by: null,
});
const at = (name: TimelineStep, time: string | null): TimelineEvent[] => (time === null ? [] : [step(name, time)]);
const errorOf = (code: string | null) => (code === null ? null : { code, detail: cureOf(code) });
