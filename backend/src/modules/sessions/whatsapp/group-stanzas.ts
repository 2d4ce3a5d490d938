import { createHash } from 'node:crypto';
import { type BinaryNode, type GroupMetadata, WAMessageAddressingMode } from '@whiskeysockets/baileys';
import { extractGroupMetadata } from '@whiskeysockets/baileys/lib/Socket/groups.js';
import type {
  GroupAudience,
  GroupChange,
  GroupFacts,
  GroupParticipant,
  GroupSnapshot,
  PeopleChange,
} from '../session-groups.ts';
import type { Peer } from '../session-traffic.ts';
import { memberJid, peerOf, samePeer } from './peer.ts';
import { childrenOf, encodeStanza } from './stanza.ts';
import { storableText, storableTime } from './storable.ts';

type What = GroupChange['what'];

/** A stanza that tells of groups: WhatsApp's name for them is `w:gp2`; of their pictures it tells as of people's. */
export const tellsOfGroup = ({ attrs }: BinaryNode): boolean => attrs.type === 'w:gp2' || tellsOfPicture(attrs);

const tellsOfPicture = ({ type, from }: BinaryNode['attrs']): boolean =>
  type === 'picture' && from?.endsWith('@g.us') === true;

/** The same notification has the same id, however often it is delivered. */
export function notificationId(stanza: BinaryNode): string {
  const { id, from, type, t } = stanza.attrs;
  const hash = createHash('sha256').update(JSON.stringify([id, from, type, t]));
  for (const child of childrenOf(stanza)) hash.update(encodeStanza(child));
  return `g:${hash.digest('base64url')}`;
}

/** What a notification says that happened; nothing where it is about what we do not keep. */
export function groupChangesIn(stanza: BinaryNode): GroupChange[] {
  const { from, participant, participant_pn: number, participant_lid: lid, t } = stanza.attrs;
  if (!from) return [];
  const actor = peerOf(participant, number, lid);
  const told = {
    inboxId: notificationId(stanza),
    jid: from,
    at: storableTime(t),
    actor: actor.phone || actor.lid ? actor : null,
  };
  return childrenOf(stanza).flatMap((child) => {
    const what = tellsOfPicture(stanza.attrs) ? newPicture(child) : whatHappened(child, told.actor);
    return what ? [{ ...told, what }] : [];
  });
}

function newPicture({ tag, attrs }: BinaryNode): What | null {
  if (tag !== 'set' && tag !== 'delete') return null;
  return { type: 'picture', id: tag === 'set' ? storableText(attrs.id ?? '') : null };
}

/** What is told of a group that is neither what it is nor who is in it. */
const KEPT_NOWHERE = new Set(['invite', 'growth_locked']);
const REQUESTS = new Set(['created_membership_requests', 'revoked_membership_requests']);

function whatHappened(child: BinaryNode, actor: Peer | null): What | null {
  const { tag, attrs } = child;
  const people = peopleChange(child, actor);
  if (people) return people.people.length > 0 ? people : { type: 'unclear' };
  if (tag === 'create') return created(child);
  if (tag === 'delete') return { type: 'ended', reason: storableText(attrs.reason ?? null) };
  if (REQUESTS.has(tag)) return { type: 'requests' };
  const facts = changedFacts(child);
  if (facts) return { type: 'changed', facts };
  return KEPT_NOWHERE.has(tag) && !attrs.error ? null : { type: 'unclear' };
}

function peopleChange(child: BinaryNode, actor: Peer | null): Extract<What, { people: unknown }> | null {
  const people = childrenOf(child, 'participant').map(personOf);
  const byHimself = people.length === 1 && actor !== null && people[0] !== undefined && samePeer(people[0], actor);
  const types: Readonly<Record<string, PeopleChange>> = {
    add: child.attrs.reason === 'invite' || byHimself ? 'joined' : 'added',
    remove: byHimself ? 'left' : 'removed',
    leave: 'left',
    promote: 'promoted',
    demote: 'demoted',
    ...(actor ? { modify: 'changed_number' } : {}),
  };
  const type = types[child.tag];
  return type ? { type, people: people.filter(({ phone, lid }) => phone ?? lid) } : null;
}

function created(child: BinaryNode): What {
  try {
    const snapshot = snapshotOf(extractGroupMetadata(withoutRefused(child)));
    return { type: 'created', snapshot, key: child.attrs.key ?? null };
  } catch {
    return { type: 'unclear' };
  }
}

/** Who makes a group is answered with those, too, who may not be added to it: Baileys would show them as if they were in it. */
export function withoutRefused(stanza: BinaryNode): BinaryNode {
  const isIn = ({ tag, attrs }: BinaryNode) => tag !== 'participant' || !attrs.error;
  const content = childrenOf(stanza).map((child) =>
    child.tag === 'group' ? { ...child, content: childrenOf(child).filter(isIn) } : child,
  );
  return { ...stanza, content };
}

function changedFacts({ tag, attrs, content }: BinaryNode): Partial<GroupFacts> | null {
  const body = childrenOf({ tag, attrs, content }, 'body')[0];
  switch (tag) {
    case 'subject':
      return attrs.subject === undefined ? null : { subject: storableText(attrs.subject) ?? '' };
    case 'description':
      return { description: attrs.delete === 'true' ? null : storableText(textOf(body)) };
    case 'announcement':
    case 'not_announcement':
      return { announcement: tag === 'announcement' };
    case 'locked':
    case 'unlocked':
      return { locked: tag === 'locked' };
    case 'ephemeral':
    case 'not_ephemeral':
      return { ephemeralSeconds: tag === 'ephemeral' ? Number(attrs.expiration) || null : null };
    case 'member_add_mode':
      return { memberAddMode: textOf({ tag, attrs, content }) === 'all_member_add' ? 'everyone' : 'admins' };
    case 'membership_approval_mode':
      return { joinApproval: childrenOf({ tag, attrs, content }, 'group_join')[0]?.attrs.state === 'on' };
    default:
      return null;
  }
}

function textOf(node: BinaryNode | undefined): string | null {
  const { content } = node ?? {};
  if (typeof content === 'string') return content;
  return content instanceof Uint8Array ? Buffer.from(content).toString() : null;
}

const personOf = ({ attrs }: BinaryNode): Peer => peerOf(attrs.jid, attrs.phone_number, attrs.lid);

/** All that Baileys read of a group's metadata. */
export function snapshotOf(metadata: GroupMetadata): GroupSnapshot {
  const { id, creation, ephemeralDuration: ephemeral, desc } = metadata;
  return {
    jid: id,
    facts: {
      kind: metadata.isCommunity ? 'community' : metadata.isCommunityAnnounce ? 'announcements' : 'group',
      communityJid: metadata.linkedParent ?? null,
      subject: storableText(metadata.subject ?? null) ?? '',
      description: storableText(desc ?? null),
      announcement: metadata.announce ?? false,
      locked: metadata.restrict ?? false,
      memberAddMode: metadata.memberAddMode ? 'everyone' : 'admins',
      joinApproval: metadata.joinApprovalMode ?? false,
      addressing: metadata.addressingMode === WAMessageAddressingMode.PN ? 'phone' : 'lid',
      ephemeralSeconds: ephemeral && ephemeral > 0 ? ephemeral : null,
      foundedAt: creation ? new Date(creation * 1_000) : null,
    },
    participants: metadata.participants.flatMap(({ id: jid, phoneNumber, lid, admin }): GroupParticipant[] => {
      const person = peerOf(jid, phoneNumber, lid);
      return person.phone || person.lid ? [{ ...person, role: admin ?? 'member' }] : [];
    }),
  };
}

/** What Baileys has to know of a group to encrypt for it; without it, it asks WhatsApp each time. */
export function metadataOf(jid: string, audience: GroupAudience | null): GroupMetadata | undefined {
  if (!audience) return undefined;
  const { people, addressing, ephemeralSeconds } = audience;
  return {
    id: jid,
    owner: undefined,
    subject: '',
    addressingMode: addressing === 'lid' ? WAMessageAddressingMode.LID : WAMessageAddressingMode.PN,
    participants: people.map((person) => ({ id: memberJid(person, addressing) })),
    ...(ephemeralSeconds === null ? {} : { ephemeralDuration: ephemeralSeconds }),
  };
}
