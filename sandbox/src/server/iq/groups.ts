/**
 * `w:g2`: groups, asked of a group (`to=120363…@g.us`) or of the group server (`to=@g.us`). Learnt from Baileys'
 * `groups.js` and `communities.js`; what they do not say (codes, what is sent back besides), from whatsmeow's `group.go`.
 */
import { GROUP_SERVER } from '../../protocol/jid.ts';
import { type BinaryNode, bytesOf, child, children, node } from '../../protocol/node.ts';
import type { Group } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { addressOf, groupsOf, linkedTo } from '../groups/book.ts';
import { linkGroup, unlinkGroup } from '../groups/community.ts';
import { createCommunity, createGroup, createLinkedGroup, type NewGroup } from '../groups/creation.ts';
import {
  acceptInvitation,
  decideRequests,
  groupBehind,
  joinByCode,
  requestsOf,
  revokeInvitations,
  revokeInviteCode,
} from '../groups/joining.ts';
import {
  addParticipants,
  changeRank,
  leaveGroup,
  type ParticipantResult,
  removeParticipants,
} from '../groups/membership.ts';
import { groupNode, linkedGroupNode, participantNode } from '../groups/nodes.ts';
import { assertAdmin, assertMayInvite, assertMember, notAcceptable, requireGroup } from '../groups/rights.ts';
import { setDescription, setEphemeral, setSettings, setSubject } from '../groups/settings.ts';
import { type IqHandler, IqError, UnknownIq } from './iq.ts';

type Request = Readonly<{ context: ServerContext; phone: string; subject: BinaryNode }>;
type Answer = BinaryNode[] | undefined;

export const groups: IqHandler = ({ context, device, iq, subject }) => {
  if (!subject) throw new UnknownIq();
  const request = { context, phone: device.phone, subject };
  const isQuestion = iq.attrs['type'] === 'get';
  // WhatsApp limits how often a client asks for groups long before it limits how often it changes them.
  const limit = isQuestion ? 'group-rate-limit' : 'group-change-rate-limit';
  if (context.faults.strike(limit, device.phone)) throw new IqError(429, 'rate-overlimit');
  if (iq.attrs['to'] === GROUP_SERVER) return isQuestion ? askServer(request) : tellServer(request);
  const group = requireGroup(context, iq.attrs['to']);
  return isQuestion ? askGroup(request, group) : changeGroup(request, group);
};

function askServer({ context, phone, subject }: Request): Answer {
  switch (subject.tag) {
    case 'participating': {
      const parts = {
        participants: child(subject, 'participants') !== undefined,
        description: child(subject, 'description') !== undefined,
      };
      const list = groupsOf(context, phone).map((group) => groupNode(context, group, parts));
      return [node('groups', {}, list)];
    }
    case 'invite': {
      // Who only has the link sees what the group is called and how many are in it, not who.
      const group = groupBehind(context, subject.attrs['code'] ?? '');
      return [groupNode(context, group, { participants: false, description: true })];
    }
    default:
      throw new UnknownIq();
  }
}

function tellServer({ context, phone, subject }: Request): Answer {
  switch (subject.tag) {
    case 'create':
      return [create(context, phone, subject)];
    case 'leave':
      return [
        node(
          'leave',
          {},
          children(subject).map((one) => leave(context, phone, one)),
        ),
      ];
    case 'invite': {
      const { group, outcome } = joinByCode(context, phone, subject.attrs['code'] ?? '');
      const tag = outcome === 'requested' ? 'membership_approval_request' : 'group';
      return [node(tag, { jid: addressOf(group) })];
    }
    default:
      throw new UnknownIq();
  }
}

function askGroup({ context, phone, subject }: Request, group: Group): Answer {
  switch (subject.tag) {
    case 'query': {
      const invitation = child(subject, 'add_request');
      const isInvited =
        invitation !== undefined &&
        context.store.tables.groupInvitations.get(group.id, phone)?.code === invitation.attrs['code'];
      if (!isInvited) assertMember(context, group, phone);
      return [groupNode(context, group)];
    }
    case 'invite':
      assertMayInvite(context, group, phone);
      return [node('invite', { code: group.inviteCode })];
    case 'membership_approval_requests': {
      assertAdmin(context, group, phone);
      const waiting = requestsOf(context, group).map(({ phone: who, method, at }) => {
        const { attrs } = participantNode(context, group, who);
        return node('membership_approval_request', { ...attrs, request_method: method, request_time: String(at) });
      });
      return [node('membership_approval_requests', {}, waiting)];
    }
    case 'sub_groups':
      assertMember(context, group, phone);
      return [
        node(
          'sub_groups',
          {},
          linkedTo(context, group).map((linked) => linkedGroupNode(context, linked)),
        ),
      ];
    default:
      throw new UnknownIq();
  }
}

function changeGroup(request: Request, group: Group): Answer {
  const { context, phone, subject } = request;
  switch (subject.tag) {
    case 'add':
      return answered(subject, addParticipants(context, group, phone, named(subject)));
    case 'remove': {
      const everywhere = subject.attrs['linked_groups'] === 'true';
      return answered(subject, removeParticipants(context, group, phone, named(subject), everywhere));
    }
    case 'promote':
    case 'demote':
      return answered(subject, changeRank(context, group, phone, named(subject), subject.tag));
    case 'membership_requests_action':
      return decide(request, group);
    case 'invite':
      return [node('invite', { code: revokeInviteCode(context, group, phone) })];
    case 'accept': {
      const admin = context.directory.find(subject.attrs['admin'])?.phone;
      acceptInvitation(context, group, phone, { code: subject.attrs['code'] ?? '', admin });
      return undefined;
    }
    case 'revoke':
      revokeInvitations(context, group, phone, phonesOf(context, subject));
      return undefined;
    case 'links':
      for (const linked of linkedGroups(context, child(subject, 'link'))) linkGroup(context, group, linked, phone);
      return [node('links', {}, children(subject))];
    case 'unlink':
      for (const linked of linkedGroups(context, subject)) unlinkGroup(context, group, linked, phone);
      return [subject];
    default:
      changeSettings(request, group);
      return undefined;
  }
}

function changeSettings({ context, phone, subject }: Request, group: Group): void {
  switch (subject.tag) {
    case 'subject':
      return setSubject(context, group, phone, bytesOf(subject)?.toString() ?? '');
    case 'description': {
      const { id, prev } = subject.attrs;
      const isRemoval = subject.attrs['delete'] === 'true';
      const text = isRemoval ? undefined : (bytesOf(child(subject, 'body'))?.toString() ?? '');
      return setDescription(context, group, phone, { text, id, previous: prev });
    }
    case 'announcement':
    case 'not_announcement':
      return setSettings(context, group, phone, { announcement: subject.tag === 'announcement' });
    case 'locked':
    case 'unlocked':
      return setSettings(context, group, phone, { locked: subject.tag === 'locked' });
    case 'member_add_mode': {
      const mode = bytesOf(subject)?.toString();
      if (mode !== 'admin_add' && mode !== 'all_member_add') throw notAcceptable();
      return setSettings(context, group, phone, { memberAddMode: mode });
    }
    case 'membership_approval_mode': {
      const state = children(subject)[0]?.attrs['state'];
      return setSettings(context, group, phone, { approval: state === 'on' });
    }
    case 'ephemeral':
      return setEphemeral(context, group, phone, seconds(subject));
    case 'not_ephemeral':
      return setEphemeral(context, group, phone, 0);
    default:
      throw new UnknownIq();
  }
}

/** `<create subject key>` with participants, and what kind of group it shall be. Those who may not be added are named with why. */
function create(context: ServerContext, creator: string, subject: BinaryNode): BinaryNode {
  const has = (tag: string) => child(subject, tag) !== undefined;
  const description = child(subject, 'description');
  const text = bytesOf(child(description, 'body'))?.toString() ?? '';
  const ephemeral = child(subject, 'ephemeral');
  const made: NewGroup = {
    creator,
    subject: subject.attrs['subject'] ?? '',
    key: subject.attrs['key'],
    participants: named(subject),
    description: text === '' ? undefined : { id: description?.attrs['id'] ?? '', text },
    settings: {
      announcement: has('announcement'),
      locked: has('locked'),
      approval: has('membership_approval_mode'),
      ephemeral: ephemeral ? seconds(ephemeral) : 0,
    },
  };
  const { group, results } = createAsAsked(context, subject, made);
  const refused = results.filter(({ code }) => code !== 200).map((result) => resultNode(result));
  const whole = groupNode(context, group);
  return { ...whole, content: [...children(whole), ...refused] };
}

function createAsAsked(context: ServerContext, subject: BinaryNode, made: NewGroup) {
  const linkedParent = child(subject, 'linked_parent');
  if (linkedParent) return createLinkedGroup(context, requireGroup(context, linkedParent.attrs['jid']), made);
  if (!child(subject, 'parent')) return createGroup(context, made);
  return createCommunity(context, { ...made, generalChat: child(subject, 'create_general_chat') !== undefined });
}

/** `<group id>` or `<community id>`; a failure is told of it alone. */
function leave(context: ServerContext, phone: string, one: BinaryNode): BinaryNode {
  try {
    leaveGroup(context, requireGroup(context, one.attrs['id']), phone);
    return node(one.tag, { id: one.attrs['id'] });
  } catch (error) {
    if (!(error instanceof IqError)) throw error;
    return node(one.tag, { id: one.attrs['id'], error: String(error.code) });
  }
}

function decide({ context, phone, subject }: Request, group: Group): BinaryNode[] {
  const [action] = children(subject);
  if (action?.tag !== 'approve' && action?.tag !== 'reject') throw new UnknownIq();
  const results = decideRequests(context, group, phone, named(action), action.tag);
  return [node(subject.tag, {}, answered(action, results))];
}

const named = (parent: BinaryNode): string[] =>
  children(parent, 'participant').map((participant) => participant.attrs['jid'] ?? '');

const phonesOf = (context: ServerContext, parent: BinaryNode): string[] =>
  named(parent).flatMap((jid) => context.directory.find(jid)?.phone ?? []);

const linkedGroups = (context: ServerContext, parent: BinaryNode | undefined): Group[] =>
  children(parent, 'group').map(({ attrs }) => requireGroup(context, attrs['jid']));

const seconds = ({ attrs }: BinaryNode): number => Math.max(0, Math.trunc(Number(attrs['expiration'] ?? 0)) || 0);

const answered = ({ tag }: BinaryNode, results: readonly ParticipantResult[]): BinaryNode[] => [
  node(
    tag,
    {},
    results.map((result) => resultNode(result)),
  ),
];

/** Everybody is named as he was asked for; an `error` says why nothing happened. As real answers show that people have posted. */
const resultNode = ({ jid, code, invitation }: ParticipantResult): BinaryNode =>
  node(
    'participant',
    { jid, error: code === 200 ? undefined : String(code) },
    invitation && [node('add_request', { code: invitation.code, expiration: String(invitation.expiration) })],
  );
