import type { z } from 'zod';
import type { GroupBehindLink, GroupCommands, GroupSetting, PersonAnswer } from '../sessions/session-group-commands.ts';
import { GroupRefused, type PeopleCommand, type RequestDecision } from '../sessions/session-group-commands.ts';
import type { GroupFacts, GroupRole } from '../sessions/session-groups.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import {
  ByLink,
  ChangeGroupDescription,
  ChangeGroupPicture,
  ChangeGroupSettings,
  ChangeGroupSubject,
  CreateGroup,
  GROUP_LINK,
  type GroupActionKind,
  type GroupActionResult,
  type GroupBehindLinkView,
  type GroupPerson,
  type GroupPersonResult,
  type GroupPersonStatus,
  NameInGroup,
} from './group-actions.dto.ts';
import { type ClaimedAction, keyOf } from './group-actions.repository.ts';
import { GroupActionInterrupted } from './groups.errors.ts';

export const LINK = 'https://chat.whatsapp.com/';
const CONFLICT = 409;
/** Nobody is there any more. */
const NOT_IN_IT = new Set([403, 404]);

type Known = Peer & Readonly<{ role: GroupRole | null }>;

/** What a verb needs of the house. */
export type VerbHelp = Readonly<{
  /** Those who were named, with what is known of them in the group. */
  people: (named: readonly GroupPerson[], jid: string | null) => Promise<Known[]>;
  kind: (jid: string) => Promise<GroupFacts['kind']>;
  /** @throws MediaGone | MediaStoreUnavailable */
  picture: (media: string) => Promise<Buffer>;
  /** As which group WhatsApp has told of what this action asked for; null: of none. */
  made: () => Promise<string | null>;
}>;

type Doing = Readonly<{ groups: GroupCommands; action: ClaimedAction; help: VerbHelp }>;
type Done = Readonly<{ jid?: string; result: GroupActionResult }>;
type OnGroup = Doing & Readonly<{ jid: string }>;

/** Each can be done again by whoever finds it begun: what is done already counts as done. Only a group is made once. */
export function carryOut(doing: Doing): Promise<Done> {
  const { action } = doing;
  if (action.kind === 'create') return create(doing);
  if (action.kind === 'link_info' || action.kind === 'join') return byLink(doing);
  return ON_GROUP[action.kind]({ ...doing, jid: action.group_jid ?? '' });
}

const NOTHING: Done = { result: {} };
/** What was asked for, as the schema of the request let it through. */
const asked = <S extends z.ZodType>({ action }: Doing, schema: S): z.output<S> =>
  schema.parse({ ...action.args, session_id: action.session_id });

const ON_GROUP: Readonly<
  Record<Exclude<GroupActionKind, 'create' | 'link_info' | 'join'>, (doing: OnGroup) => Promise<Done>>
> = {
  subject: async (doing) => {
    await doing.groups.setSubject(doing.jid, asked(doing, ChangeGroupSubject).subject);
    return NOTHING;
  },
  description: async (doing) => {
    const { description } = asked(doing, ChangeGroupDescription);
    await twice(() => doing.groups.setDescription(doing.jid, description));
    return NOTHING;
  },
  picture: async (doing) => {
    const { media_id: media } = asked(doing, ChangeGroupPicture);
    await doing.groups.setPicture(doing.jid, media === null ? null : await doing.help.picture(media));
    return NOTHING;
  },
  settings: async (doing) => {
    await doing.groups.set(doing.jid, settingOf(asked(doing, ChangeGroupSettings)));
    return NOTHING;
  },
  add: (doing) => changePeople(doing, 'add'),
  remove: (doing) => changePeople(doing, 'remove'),
  promote: (doing) => changePeople(doing, 'promote'),
  demote: (doing) => changePeople(doing, 'demote'),
  leave: async ({ groups, help, jid }) => {
    const kind = await help.kind(jid);
    await groups.leave(jid, kind).catch(async (error: unknown) => {
      if (!(error instanceof GroupRefused) || !NOT_IN_IT.has(error.code)) throw error;
      await groups.askAgain(jid);
    });
    return NOTHING;
  },
  invite_link: async ({ groups, jid }) => ({ result: { invite_link: LINK + (await groups.inviteCode(jid)) } }),
  revoke_invite_link: async ({ groups, jid }) => ({
    result: { invite_link: LINK + (await groups.revokeInviteCode(jid)) },
  }),
  requests: async ({ groups, jid }) => {
    const requests = (await groups.joinRequests(jid)).map(({ person, at, byLink: isByLink }) => ({
      phone_number: person.phone,
      lid: person.lid,
      requested_at: at.toISOString(),
      by_link: isByLink,
    }));
    return { result: { requests } };
  },
  approve: (doing) => decide(doing, 'approve'),
  reject: (doing) => decide(doing, 'reject'),
};

/** Somebody was faster: what is to be replaced is another one now. */
async function twice(work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof GroupRefused) || error.code !== CONFLICT) throw error;
    return work();
  });
}

/** @throws GroupActionInterrupted when somebody has begun it, and WhatsApp has not told of such a group */
async function create(doing: Doing): Promise<Done> {
  const { groups, action, help } = doing;
  const { subject, participants: named, description, ...settings } = asked(doing, CreateGroup);
  if (action.interrupted) return found(doing, named);
  const people = await help.people(named, null);
  const { snapshot, refused } = await groups.create({
    key: keyOf(action.id),
    subject,
    participants: people,
    description: description ?? null,
    settings: settingOf(settings),
  });
  const results = people.map((person) => {
    const answer = refused.find((one) => isSame(one.person, person));
    return answer ? resultOf('add', answer, false) : done(person);
  });
  return { jid: snapshot.jid, result: { participants: results } };
}

async function found({ groups, help }: Doing, named: readonly GroupPerson[]): Promise<Done> {
  await groups.delivered();
  const jid = await help.made();
  if (jid === null) {
    groups.askForAll();
    throw new GroupActionInterrupted();
  }
  const participants = (await help.people(named, jid)).map((person) =>
    person.role === null ? { ...done(person), status: 'failed' as const } : done(person),
  );
  return { jid, result: { participants } };
}

async function changePeople(doing: OnGroup, command: PeopleCommand): Promise<Done> {
  const { groups, action, help, jid } = doing;
  const people = await help.people(asked(doing, NameInGroup).participants, jid);
  const answers = await groups.changePeople(jid, command, people);
  return { result: { participants: answered(people, answers, (one) => resultOf(command, one, action.interrupted)) } };
}

async function decide(doing: OnGroup, decision: RequestDecision): Promise<Done> {
  const { groups, action, help, jid } = doing;
  const people = await help.people(asked(doing, NameInGroup).participants, jid);
  const answers = await groups.decide(jid, decision, people);
  return { result: { participants: answered(people, answers, (one) => resultOf(decision, one, action.interrupted)) } };
}

async function byLink(doing: Doing): Promise<Done> {
  const { groups, action } = doing;
  const code = GROUP_LINK.exec(asked(doing, ByLink).link)?.[1] ?? '';
  const group = await groups.behindLink(code);
  const result = { group: behindLinkView(group) };
  if (action.kind === 'link_info') return { jid: group.jid, result };
  const isIn = await groups.join(group, code).catch((error: unknown) => {
    if (error instanceof GroupRefused && error.code === CONFLICT) return null;
    throw error;
  });
  const joined = isIn === null ? 'already' : isIn ? 'joined' : 'requested';
  return {
    jid: group.jid,
    result: { ...result, joined: joined === 'already' && action.interrupted ? 'joined' : joined },
  };
}

const behindLinkView = ({ jid, facts, size }: GroupBehindLink): GroupBehindLinkView => ({
  jid,
  kind: facts.kind,
  subject: facts.subject,
  description: facts.description,
  size,
  join_approval: facts.joinApproval,
});

type Asked = Partial<Omit<ChangeGroupSettings, 'session_id'>>;

function settingOf(settings: Asked): GroupSetting {
  const { announcement, locked, member_add_mode: memberAddMode, join_approval: joinApproval } = settings;
  const { ephemeral_seconds: ephemeral } = settings;
  const named = { announcement, locked, memberAddMode, joinApproval };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as GroupSetting),
    ...(ephemeral === undefined ? {} : { ephemeralSeconds: ephemeral || null }),
  };
}

/** WhatsApp says nothing of somebody only where it has answered nothing. */
const answered = (
  people: readonly Peer[],
  answers: readonly PersonAnswer[],
  result: (answer: PersonAnswer) => GroupPersonResult,
): GroupPersonResult[] =>
  people.map((person, n) => {
    const answer = answers.find((one) => isSame(one.person, person)) ?? answers[n];
    return answer
      ? result({
          ...answer,
          person: { phone: person.phone ?? answer.person.phone, lid: person.lid ?? answer.person.lid },
        })
      : { ...done(person), status: 'failed' };
  });

const done = ({ phone, lid }: Peer): GroupPersonResult => ({
  phone_number: phone,
  lid,
  status: 'done',
  invitation: null,
  message_id: null,
  whatsapp_code: null,
});

type What = PeopleCommand | RequestDecision;

/** @param again somebody has begun it before: that it is so already is his doing */
export function resultOf(what: What, { person, code, invitation }: PersonAnswer, again: boolean): GroupPersonResult {
  const status = statusOf(what, code, invitation !== null, again);
  return {
    ...done(person),
    status,
    invitation: invitation && { code: invitation.code, expires_at: invitation.expiresAt.toISOString() },
    whatsapp_code: status === 'failed' ? code : null,
  };
}

function statusOf(what: What, code: number, isInvited: boolean, again: boolean): GroupPersonStatus {
  if (code === 200) return 'done';
  if (what === 'add')
    return isInvited
      ? 'needs_invitation'
      : (ADDED[code] ?? (code === CONFLICT && again ? 'done' : OTHERWISE[code]) ?? 'failed');
  if (code === 404 && again && what !== 'promote' && what !== 'demote') return 'done';
  if (code === 404) return what === 'approve' || what === 'reject' ? 'not_waiting' : 'not_in_group';
  return OTHERWISE[code] ?? 'failed';
}

const ADDED: Readonly<Record<number, GroupPersonStatus>> = { 404: 'not_on_whatsapp', 408: 'recently_left' };
const OTHERWISE: Readonly<Record<number, GroupPersonStatus>> = {
  401: 'not_allowed',
  403: 'not_allowed',
  405: 'not_allowed',
  [CONFLICT]: 'already',
  419: 'group_full',
};

const isSame = (a: Peer, b: Peer): boolean =>
  (a.lid !== null && a.lid === b.lid) || (a.phone !== null && a.phone === b.phone);
