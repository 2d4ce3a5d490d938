/** Groups as the control API answers them. */
import type { ServerContext } from '../server/context.ts';
import { addressOf, logOf, participantsOf, sizeOf } from '../server/groups/book.ts';
import { requestsOf } from '../server/groups/joining.ts';
import type { ParticipantResult } from '../server/groups/membership.ts';
import type { Group, GroupLogEvent, GroupRole } from '../store/rows.ts';

export type GroupSummary = Readonly<{
  /** `120363…@g.us` */
  id: string;
  subject: string;
  size: number;
  creator: string;
  /** ISO 8601, UTC; as are all times below. */
  createdAt: string;
  addressing: 'lid' | 'pn';
  announcement: boolean;
  locked: boolean;
  /** Seconds; 0: messages stay. */
  ephemeral: number;
  memberAddMode: 'admin_add' | 'all_member_add';
  approval: boolean;
  inviteCode: string;
  community: Readonly<{ kind: 'parent' | 'announcements' | 'general' | 'group'; parent: string | null }> | null;
}>;

export type GroupView = GroupSummary &
  Readonly<{
    subjectBy: string;
    subjectAt: string;
    description: Readonly<{ id: string; text: string; by: string; at: string }> | null;
    /** Id of the picture. */
    picture: string | null;
    participants: readonly { phone: string; role: GroupRole; joinedAt: string }[];
    /** Who waits for an admin. */
    requests: readonly { phone: string; at: string }[];
  }>;

export type GroupLogView = Readonly<{
  at: string;
  event: GroupLogEvent;
  actor: string;
  subjects: readonly string[];
  /** Participants after it. */
  size: number;
  value: string | null;
}>;

/** What became of one person; see `ParticipantResult`. */
export type ParticipantView = Readonly<{
  phone: string;
  code: ParticipantResult['code'];
  invitation: Readonly<{ code: string; expiration: string }> | null;
}>;

export function viewGroupSummary(context: ServerContext, group: Group): GroupSummary {
  const { subject, creator, addressing, announcement, locked, ephemeral, memberAddMode, approval, inviteCode } = group;
  const { community } = group;
  return {
    id: addressOf(group),
    subject,
    size: sizeOf(context, group),
    creator,
    createdAt: fromSeconds(group.createdAt),
    addressing,
    announcement,
    locked,
    ephemeral,
    memberAddMode,
    approval,
    inviteCode,
    community: community && {
      kind: community.kind,
      parent: community.kind === 'parent' ? null : `${community.parent}@g.us`,
    },
  };
}

export function viewGroup(context: ServerContext, group: Group): GroupView {
  const { description, picture } = group;
  return {
    ...viewGroupSummary(context, group),
    subjectBy: group.subjectBy,
    subjectAt: fromSeconds(group.subjectAt),
    description: description && { ...description, at: fromSeconds(description.at) },
    picture: picture?.id ?? null,
    participants: participantsOf(context, group).map(({ joinedAt, ...one }) => ({
      ...one,
      joinedAt: new Date(joinedAt).toISOString(),
    })),
    requests: requestsOf(context, group).map(({ phone, at }) => ({ phone, at: fromSeconds(at) })),
  };
}

export const viewLog = (context: ServerContext, group: Group): GroupLogView[] =>
  logOf(context, group).map(({ at, value, ...entry }) => ({
    ...entry,
    at: new Date(at).toISOString(),
    value: value ?? null,
  }));

export const viewResults = (phones: readonly string[], results: readonly ParticipantResult[]): ParticipantView[] =>
  results.map(({ code, invitation }, index) => ({
    phone: phones[index] ?? '',
    code,
    invitation: invitation ? { code: invitation.code, expiration: fromSeconds(invitation.expiration) } : null,
  }));

const fromSeconds = (seconds: number): string => new Date(seconds * 1000).toISOString();
