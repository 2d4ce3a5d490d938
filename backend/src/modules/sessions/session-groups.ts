import type { Lease, Peer } from './session-traffic.ts';

/**
 * Where the sessions module meets the groups module, as `session-traffic.ts` is where it meets messages: what WhatsApp says of
 * groups, in our words.
 */

export const GROUP_ROLES = ['member', 'admin', 'superadmin'] as const;
export type GroupRole = (typeof GROUP_ROLES)[number];

export type GroupParticipant = Peer & Readonly<{ role: GroupRole }>;

/** What a group is, without who is in it. */
export type GroupFacts = Readonly<{
  /** A `community` holds groups together and has no messages; its `announcements` are a group of all that are in it. */
  kind: 'group' | 'community' | 'announcements';
  /** Of the community that it is a part of. */
  communityJid: string | null;
  subject: string;
  description: string | null;
  /** Only admins write. */
  announcement: boolean;
  /** Only admins change what the group is. */
  locked: boolean;
  memberAddMode: 'admins' | 'everyone';
  /** Whoever joins waits until an admin lets him in. */
  joinApproval: boolean;
  /** By which of their addresses the group names its people. */
  addressing: 'lid' | 'phone';
  /** After so long messages disappear; null: they stay. */
  ephemeralSeconds: number | null;
  foundedAt: Date | null;
}>;

/** All that is to be said of a group at one moment. */
export type GroupSnapshot = Readonly<{ jid: string; facts: GroupFacts; participants: readonly GroupParticipant[] }>;

/**
 * What happens to people in a group. `left`: by himself; `removed`: by another. `joined`: by a link or a request; `added`: by
 * another. `changed_number`: whoever did it is the same person, under his new number.
 */
export const PEOPLE_CHANGES = ['added', 'joined', 'left', 'removed', 'promoted', 'demoted', 'changed_number'] as const;
export type PeopleChange = (typeof PEOPLE_CHANGES)[number];

/** One change of a group, as WhatsApp notifies of it. */
export type GroupChange = Readonly<{
  /** Names the row of `private.session_inbox`, which goes in the transaction that applies the change. */
  inboxId: string;
  jid: string;
  at: Date;
  /** Who did it; null where WhatsApp does not say. */
  actor: Peer | null;
  what:
    | Readonly<{ type: PeopleChange; people: readonly Peer[] }>
    /** `key`: what whoever made it called it then (`NewGroup`); null where it is told to somebody else. */
    | Readonly<{ type: 'created'; snapshot: GroupSnapshot; key: string | null }>
    | Readonly<{ type: 'changed'; facts: Partial<GroupFacts> }>
    /** It looks otherwise: `id` is WhatsApp's of the new picture; null: it has none any more. */
    | Readonly<{ type: 'picture'; id: string | null }>
    /** There is no such group any more; `reason` in WhatsApp's word, where it says one. */
    | Readonly<{ type: 'ended'; reason: string | null }>
    /** Somebody asks to be let in, or does no more; who waits is known to WhatsApp alone. */
    | Readonly<{ type: 'requests' }>
    /** Something that does not say all, or that we do not know: the group is asked for. */
    | Readonly<{ type: 'unclear' }>;
}>;

/** What is to be known of a group to write in it. */
export type GroupAudience = Readonly<Pick<GroupFacts, 'addressing' | 'ephemeralSeconds'> & { people: readonly Peer[] }>;

/** What the groups module does with what a session hears. */
export interface GroupTraffic {
  /**
   * Applies changes in their order and forgets their inbox rows, in one transaction that holds the lease.
   * @returns true when they do not say all, so that there is something to ask for (`wanted`)
   */
  groupsChanged(lease: Lease, self: Peer, changes: readonly GroupChange[]): Promise<boolean>;

  /** What WhatsApp is to be asked for: all groups of the number, or these, in which something happened until `since`. */
  wanted(lease: Lease, self: Peer): Promise<Readonly<{ all: boolean; jids: readonly string[]; since: Date | null }>>;

  /**
   * What WhatsApp says of groups now, by its own clock.
   * @param all with the last of them: all groups in which the number is; it is in no others
   */
  groupsTold(
    lease: Lease,
    self: Peer,
    told: Readonly<{ snapshots: readonly GroupSnapshot[]; at: Date; all: readonly string[] | null }>,
  ): Promise<void>;

  /** Whom what is written in a group goes to; null: it is not known for certain, and WhatsApp is to be asked. */
  audience(lease: Lease, jid: string): Promise<GroupAudience | null>;

  /** The number is in this group no more, or there is none. */
  groupGone(lease: Lease, jid: string, at: Date): Promise<void>;
}
