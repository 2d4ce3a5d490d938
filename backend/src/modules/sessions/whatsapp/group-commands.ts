import type { Readable } from 'node:stream';
import { type BinaryNode, generateMessageIDV2, generateProfilePicture, type WASocket } from '@whiskeysockets/baileys';
import { extractGroupMetadata } from '@whiskeysockets/baileys/lib/Socket/groups.js';
import {
  type GroupBehindLink,
  type GroupCommands,
  GroupRefused,
  type GroupSetting,
  GroupUnanswered,
  type JoinRequest,
  type NewGroup,
  type PeopleCommand,
  type PersonAnswer,
  type RequestDecision,
} from '../session-group-commands.ts';
import type { GroupFacts, GroupSnapshot } from '../session-groups.ts';
import type { Lease, Peer } from '../session-traffic.ts';
import { MediaRejected } from '../sessions.errors.ts';
import type { GroupEchoes } from './group-echoes.ts';
import { snapshotOf, withoutRefused } from './group-stanzas.ts';
import { jidOf, peerOf } from './peer.ts';
import { childrenOf } from './stanza.ts';
import { storableTime } from './storable.ts';

const GROUPS = '@g.us';
const ANSWER_MS = 15_000;
const DONE = 200;
/** How WhatsApp says that there is no picture, or none for this number. */
const NOT_SHOWN = new Set([401, 404]);
const PICTURE_MAX_BYTES = 5 * 1024 * 1024;

export type GroupRooms = Readonly<{
  lease: Lease;
  closed: AbortSignal;
  socket: Pick<WASocket, 'query' | 'groupMetadata'>;
  mayAct: () => boolean;
  delivered: () => Promise<void>;
  echoes: GroupEchoes;
  /** Fails when the connection goes meanwhile. */
  whileOpen: <T>(work: () => Promise<T>) => Promise<T>;
  askAgain: (jid: string) => Promise<void>;
  askForAll: () => void;
  /** What WhatsApp says of a group of the number, as of now. */
  tell: (snapshot: GroupSnapshot) => Promise<void>;
  /** A group looks otherwise, as of now. */
  tellPicture: (jid: string, id: string | null) => Promise<void>;
  /** @throws MediaExpired | SessionOffline */
  fetch: (url: URL) => Promise<Readable>;
}>;

/**
 * Changes groups. Baileys' own functions take silence for "done" and drop why somebody was refused when a group was made, so the
 * requests are written here, as they are in its groups.js.
 */
export class WhatsAppGroupCommands implements GroupCommands {
  readonly lease: Lease;
  readonly closed: AbortSignal;

  constructor(private readonly rooms: GroupRooms) {
    this.lease = rooms.lease;
    this.closed = rooms.closed;
  }

  mayAct(): boolean {
    return this.rooms.mayAct();
  }

  delivered(): Promise<void> {
    return this.rooms.delivered();
  }

  askAgain(jid: string): Promise<void> {
    return this.rooms.askAgain(jid);
  }

  askForAll(): void {
    this.rooms.askForAll();
  }

  async create(group: NewGroup): Promise<{ snapshot: GroupSnapshot; refused: PersonAnswer[] }> {
    const { key, subject, participants, description, settings } = group;
    const answer = await this.change(GROUPS, {
      tag: 'create',
      attrs: { subject, key },
      content: [
        ...participants.map((person) => named(jidOf(person))),
        ...(description ? [descriptionNode(description)] : []),
        ...settingNodes(switchedOn(settings)),
      ],
    });
    const people = childrenOf(childrenOf(answer, 'group')[0], 'participant');
    const refused = answersOf(
      people.filter(({ attrs }) => attrs.error),
      participants,
    );
    const snapshot = snapshotOf(extractGroupMetadata(withoutRefused(answer)));
    await this.rooms.tell(snapshot);
    return { snapshot, refused };
  }

  async setSubject(jid: string, subject: string): Promise<void> {
    await this.told(jid, () => this.change(jid, { tag: 'subject', attrs: {}, content: Buffer.from(subject) }));
  }

  /** WhatsApp wants to know which description it replaces. */
  async setDescription(jid: string, description: string | null): Promise<void> {
    const { descId } = await this.answered(() => this.rooms.socket.groupMetadata(jid));
    const prev: BinaryNode['attrs'] = descId ? { prev: descId } : {};
    const told = description
      ? descriptionNode(description, prev)
      : { tag: 'description', attrs: { delete: 'true', ...prev } };
    await this.told(jid, () => this.change(jid, told));
  }

  async setPicture(jid: string, picture: Buffer | null): Promise<void> {
    const img = picture && (await squared(picture));
    const answer = await this.request({
      tag: 'iq',
      attrs: { to: 's.whatsapp.net', type: 'set', xmlns: 'w:profile:picture', target: jid },
      ...(img ? { content: [{ tag: 'picture', attrs: { type: 'image' }, content: img }] } : {}),
    });
    await this.rooms.tellPicture(jid, img ? (childrenOf(answer, 'picture')[0]?.attrs.id ?? '') : null);
  }

  async picture(jid: string): Promise<Buffer | null> {
    const iq: BinaryNode = {
      tag: 'iq',
      attrs: { to: 's.whatsapp.net', type: 'get', xmlns: 'w:profile:picture', target: jid },
      content: [{ tag: 'picture', attrs: { type: 'image', query: 'url' } }],
    };
    const answer = await this.request(iq).catch((error: unknown) => {
      if (error instanceof GroupRefused && NOT_SHOWN.has(error.code)) return null;
      throw error;
    });
    const url = childrenOf(answer ?? undefined, 'picture')[0]?.attrs.url;
    return url ? wholeOf(await this.rooms.fetch(new URL(url))) : null;
  }

  async set(jid: string, setting: GroupSetting): Promise<void> {
    for (const node of settingNodes(setting)) await this.told(jid, () => this.change(jid, node));
  }

  async changePeople(jid: string, command: PeopleCommand, people: readonly Peer[]): Promise<PersonAnswer[]> {
    const addresses = people.map((person) => (command === 'add' ? jidOf(person) : jidWithin(person)));
    const ask = async () => {
      const answer = await this.change(jid, { tag: command, attrs: {}, content: addresses.map(named) });
      return answersOf(childrenOf(childrenOf(answer, command)[0], 'participant'), people);
    };
    return this.told(jid, ask, someoneDone);
  }

  /** Failing is told of the group alone. */
  async leave(jid: string, kind: GroupFacts['kind']): Promise<void> {
    const tag = kind === 'community' ? 'community' : 'group';
    await this.told(jid, async () => {
      const answer = await this.change(GROUPS, { tag: 'leave', attrs: {}, content: [{ tag, attrs: { id: jid } }] });
      const code = childrenOf(childrenOf(answer, 'leave')[0])[0]?.attrs.error;
      if (code) throw new GroupRefused(Number(code));
    });
  }

  async inviteCode(jid: string): Promise<string> {
    return codeIn(await this.ask(jid, { tag: 'invite', attrs: {} }));
  }

  async revokeInviteCode(jid: string): Promise<string> {
    return codeIn(await this.change(jid, { tag: 'invite', attrs: {} }));
  }

  async behindLink(code: string): Promise<GroupBehindLink> {
    const answer = await this.ask(GROUPS, { tag: 'invite', attrs: { code } });
    const metadata = extractGroupMetadata(answer);
    const { jid, facts } = snapshotOf(metadata);
    return { jid, facts, size: metadata.size ?? 0 };
  }

  async join({ jid }: GroupBehindLink, code: string): Promise<boolean> {
    const ask = async () => {
      const answer = await this.change(GROUPS, { tag: 'invite', attrs: { code } });
      return childrenOf(answer, 'membership_approval_request').length === 0;
    };
    return this.told(jid, ask, (isIn) => isIn);
  }

  async joinRequests(jid: string): Promise<JoinRequest[]> {
    const answer = await this.ask(jid, { tag: 'membership_approval_requests', attrs: {} });
    const waiting = childrenOf(childrenOf(answer, 'membership_approval_requests')[0], 'membership_approval_request');
    return waiting.map(({ attrs }) => ({
      person: peerOf(attrs.jid, attrs.phone_number, attrs.lid),
      at: storableTime(attrs.request_time),
      byLink: attrs.request_method === 'invite_link',
    }));
  }

  async decide(jid: string, decision: RequestDecision, people: readonly Peer[]): Promise<PersonAnswer[]> {
    const tag = 'membership_requests_action';
    const content = people.map((person) => named(jidWithin(person)));
    const ask = async () => {
      const answer = await this.change(jid, { tag, attrs: {}, content: [{ tag: decision, attrs: {}, content }] });
      return answersOf(childrenOf(childrenOf(childrenOf(answer, tag)[0], decision)[0], 'participant'), people);
    };
    return this.told(jid, ask, (answers) => decision === 'approve' && someoneDone(answers));
  }

  /** Does it, and waits until what WhatsApp tells of it is kept; where it tells nothing, the group is asked for. */
  private async told<T>(jid: string, does: () => Promise<T>, isTold: (answer: T) => boolean = () => true): Promise<T> {
    const echo = this.rooms.echoes.expect(jid);
    try {
      const answer = await does();
      if (isTold(answer) && !(await echo.came())) await this.rooms.askAgain(jid);
      await this.rooms.delivered();
      return answer;
    } finally {
      echo.forget();
    }
  }

  private ask(to: string, content: BinaryNode): Promise<BinaryNode> {
    return this.request({ tag: 'iq', attrs: { to, type: 'get', xmlns: 'w:g2' }, content: [content] });
  }

  private change(to: string, content: BinaryNode): Promise<BinaryNode> {
    return this.request({ tag: 'iq', attrs: { to, type: 'set', xmlns: 'w:g2' }, content: [content] });
  }

  private request(iq: BinaryNode): Promise<BinaryNode> {
    return this.answered(async () => {
      const answer = (await this.rooms.socket.query(iq, ANSWER_MS)) as BinaryNode | undefined;
      if (!answer) throw new GroupUnanswered();
      return answer;
    });
  }

  private answered<T>(work: () => Promise<T>): Promise<T> {
    return this.rooms.whileOpen(() =>
      work().catch((cause: unknown) => {
        const { data, output } = cause as { data?: unknown; output?: { statusCode?: number } };
        if (typeof data === 'number') throw new GroupRefused(data, { cause });
        if (output?.statusCode === 408) throw new GroupUnanswered(undefined, { cause });
        throw cause;
      }),
    );
  }
}

/** @throws MediaRejected when it is no picture */
async function squared(picture: Buffer): Promise<Buffer> {
  try {
    return (await generateProfilePicture(picture)).img;
  } catch (cause) {
    throw new MediaRejected({ cause });
  }
}

/** @throws MediaRejected when it is larger than any picture */
async function wholeOf(content: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of content as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > PICTURE_MAX_BYTES) throw new MediaRejected(); // leaving the loop ends the stream
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const named = (jid: string): BinaryNode => ({ tag: 'participant', attrs: { jid } });

/** Within a group people are called by their privacy address, where it is known. */
const jidWithin = ({ phone, lid }: Peer): string => jidOf(lid ? { phone: null, lid } : { phone, lid });

const descriptionNode = (text: string, prev: BinaryNode['attrs'] = {}): BinaryNode => ({
  tag: 'description',
  attrs: { id: generateMessageIDV2(), ...prev },
  content: [{ tag: 'body', attrs: {}, content: Buffer.from(text) }],
});

/** What a new group is to be. What is off is so by itself: of what it is made with, whatever is named is on. */
const switchedOn = (settings: GroupSetting): GroupSetting =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => Boolean(value)));

function settingNodes({
  announcement,
  locked,
  memberAddMode,
  joinApproval,
  ephemeralSeconds,
}: GroupSetting): BinaryNode[] {
  const plain = (tag: string): BinaryNode => ({ tag, attrs: {} });
  const nodes: BinaryNode[] = [];
  if (announcement !== undefined) nodes.push(plain(announcement ? 'announcement' : 'not_announcement'));
  if (locked !== undefined) nodes.push(plain(locked ? 'locked' : 'unlocked'));
  if (memberAddMode !== undefined) {
    const mode = memberAddMode === 'everyone' ? 'all_member_add' : 'admin_add';
    nodes.push({ tag: 'member_add_mode', attrs: {}, content: mode });
  }
  if (joinApproval !== undefined) {
    const state = joinApproval ? 'on' : 'off';
    nodes.push({ tag: 'membership_approval_mode', attrs: {}, content: [{ tag: 'group_join', attrs: { state } }] });
  }
  if (ephemeralSeconds !== undefined)
    nodes.push(
      ephemeralSeconds ? { tag: 'ephemeral', attrs: { expiration: String(ephemeralSeconds) } } : plain('not_ephemeral'),
    );
  return nodes;
}

const someoneDone = (answers: readonly PersonAnswer[]): boolean => answers.some(({ code }) => code === DONE);

/** Each with the person as he was asked for, under whichever of his addresses WhatsApp names him. */
function answersOf(nodes: readonly BinaryNode[], asked: readonly Peer[]): PersonAnswer[] {
  return nodes.map((node) => {
    const { jid, phone_number: number, lid, error } = node.attrs;
    const told = peerOf(jid, number, lid);
    const known = asked.find((one) => isSame(one, told));
    const [invitation] = childrenOf(node, 'add_request');
    const { code, expiration } = invitation?.attrs ?? {};
    return {
      person: { phone: known?.phone ?? told.phone, lid: known?.lid ?? told.lid },
      code: error ? Number(error) : DONE,
      invitation: code ? { code, expiresAt: storableTime(expiration) } : null,
    };
  });
}

const isSame = (a: Peer, b: Peer): boolean =>
  (a.lid !== null && a.lid === b.lid) || (a.phone !== null && a.phone === b.phone);

function codeIn(answer: BinaryNode): string {
  const code = childrenOf(answer, 'invite')[0]?.attrs.code;
  if (!code) throw new GroupUnanswered();
  return code;
}
