import { BroadcastId, ContactId, MessageId, SessionId } from '../../kernel/ids.ts';
import { JobCounts, type JobState } from '../jobs/jobs.dto.ts';
import {
  BroadcastAudience,
  BroadcastContent,
  type BroadcastPreview,
  type BroadcastRecipientView,
  type BroadcastState,
  type BroadcastSummary,
  type BroadcastView,
  RecipientExclusion,
} from './broadcasts.dto.ts';
import type { Draft } from './broadcast-drafts.ts';
import type { NumberRow } from './broadcasts.repository.ts';

export type BroadcastRow = Readonly<{
  id: string;
  name: string;
  state: JobState;
  total: number;
  counts: unknown;
  result: Readonly<{ replied?: number }> | null;
  created_by: string;
  created_at: Date;
  finished_at: Date | null;
  session_ids: string[];
  audience: unknown;
  content: unknown;
  variables: Record<string, string>;
  scheduled_at: Date | null;
  expires_at: Date | null;
  duplicates: number;
  /** Its time has not come. */
  is_ahead: boolean;
}>;

export type RecipientRow = Readonly<{
  id: string;
  contact_id: string | null;
  group_jid: string | null;
  name: string | null;
  phone_number: string | null;
  exclusion: RecipientExclusion | null;
  detail: string | null;
  message_id: string | null;
  replied_at: Date | null;
  session_id: string | null;
  status: NonNullable<BroadcastRecipientView['message']>['status'];
  error_code: string | null;
  text: string | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  failed_at: Date | null;
}>;

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

function stateOf({ state, is_ahead: ahead }: BroadcastRow): BroadcastState {
  if (state === 'running' || state === 'queued') return ahead ? 'scheduled' : 'running';
  return state === 'failed' ? 'completed' : state;
}

export const summaryOf = (row: BroadcastRow): BroadcastSummary => ({
  id: BroadcastId.parse(row.id),
  name: row.name,
  state: stateOf(row),
  total: row.total,
  counts: JobCounts.parse(row.counts),
  replied: row.result?.replied ?? 0,
  session_ids: row.session_ids.map((id) => SessionId.parse(id)),
  scheduled_at: time(row.scheduled_at),
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
  finished_at: time(row.finished_at),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const countsOf = (rows: readonly NumberRow[]): JobCounts => {
  const counts: Record<string, number> = {};
  for (const { status, n } of rows) counts[status] = (counts[status] ?? 0) + n;
  return JobCounts.parse(counts);
};

/** Counted anew. */
export function viewOf(
  row: BroadcastRow,
  rows: readonly NumberRow[],
  excluded: readonly Readonly<{ exclusion: string; count: number }>[],
): BroadcastView {
  return {
    ...summaryOf(row),
    counts: countsOf(rows),
    replied: sum(rows.map(({ replied }) => replied)),
    audience: BroadcastAudience.parse(row.audience),
    content: BroadcastContent.parse(row.content),
    variables: row.variables,
    expires_at: time(row.expires_at),
    duplicates: row.duplicates,
    excluded: excluded.map(({ exclusion, count }) => ({ exclusion: RecipientExclusion.parse(exclusion), count })),
    numbers: row.session_ids.map((id) => {
      const own = rows.filter((one) => one.session_id === id);
      return {
        session_id: SessionId.parse(id),
        total: sum(own.map(({ n }) => n)),
        counts: countsOf(own),
        replied: sum(own.map(({ replied }) => replied)),
      };
    }),
  };
}

export const recipientView = (row: RecipientRow): BroadcastRecipientView => ({
  id: row.id,
  contact_id: row.contact_id === null ? null : ContactId.parse(row.contact_id),
  name: row.name,
  phone_number: row.phone_number,
  group_jid: row.group_jid,
  exclusion: row.exclusion,
  detail: row.detail,
  message:
    row.message_id === null
      ? null
      : {
          id: MessageId.parse(row.message_id),
          session_id: SessionId.parse(row.session_id),
          status: row.status,
          error_code: row.error_code,
          text: row.text,
          sent_at: time(row.sent_at),
          delivered_at: time(row.delivered_at),
          read_at: time(row.read_at),
          failed_at: time(row.failed_at),
        },
  replied_at: time(row.replied_at),
});

const EXCLUDED_SHOWN = 20;
const SAMPLES = 5;

export function previewOf(draft: Draft): BroadcastPreview {
  const { addressees, excluded, numbers, refusals } = draft;
  const person = ({ name, phone }: { name: string | null; phone: string | null }) => ({ name, phone_number: phone });
  const ends = numbers.flatMap(({ done_at: end }) => end ?? []);
  const last = ends.reduce((latest, end) => (end > latest ? end : latest), draft.startsAt.toISOString());
  return {
    recipients: addressees.length,
    duplicates: draft.duplicates,
    excluded: RecipientExclusion.options.flatMap((exclusion) => {
      const those = excluded.filter((one) => one.exclusion === exclusion);
      if (those.length === 0) return [];
      const people = those.slice(0, EXCLUDED_SHOWN).map((one) => ({ ...person(one), detail: one.detail }));
      return [{ exclusion, count: those.length, people }];
    }),
    samples: addressees.slice(0, SAMPLES).map((one) => ({
      ...person(one),
      session_id: SessionId.parse(one.session),
      text: draft.say(one, 'preview').text,
    })),
    new_chats: sum(numbers.map(({ new_chats: n }) => n)),
    numbers: [...numbers],
    starts_at: draft.startsAt.toISOString(),
    done_at: ends.length < numbers.length ? null : last,
    uses: { messages: addressees.length },
    refusals,
  };
}

export const EXPORT_COLUMNS = [
  'phone_number',
  'name',
  'status',
  'exclusion',
  'detail',
  'error',
  'sent_at',
  'delivered_at',
  'read_at',
  'failed_at',
  'replied_at',
  'text',
  'session_id',
  'message_id',
];

/** A line of the report: of who is not written to the status is `excluded`. */
export function exportCells(row: RecipientRow): string[] {
  const times = [row.sent_at, row.delivered_at, row.read_at, row.failed_at, row.replied_at].map((at) => time(at) ?? '');
  return [
    row.phone_number ?? '',
    row.name ?? '',
    row.exclusion === null ? row.status : 'excluded',
    row.exclusion ?? '',
    row.detail ?? '',
    row.error_code ?? '',
    ...times,
    row.text ?? '',
    row.session_id ?? '',
    row.message_id ?? '',
  ];
}
