import type { GroupFacts, GroupSnapshot } from './session-groups.ts';
import type { Lease, Peer } from './session-traffic.ts';

/** What a number can have WhatsApp do with groups, in our words. */

/** What happens to people by an admin's hand. */
export const PEOPLE_COMMANDS = ['add', 'remove', 'promote', 'demote'] as const;
export type PeopleCommand = (typeof PEOPLE_COMMANDS)[number];

export const REQUEST_DECISIONS = ['approve', 'reject'] as const;
export type RequestDecision = (typeof REQUEST_DECISIONS)[number];

/** Lets one person in who may not be added; he is sent it. */
export type GroupInvitation = Readonly<{ code: string; expiresAt: Date }>;

/** What WhatsApp says of one person, by its code: 200 it is done. */
export type PersonAnswer = Readonly<{ person: Peer; code: number; invitation: GroupInvitation | null }>;

/** One thing that admins decide about their group. */
export type GroupSetting = Partial<
  Pick<GroupFacts, 'announcement' | 'locked' | 'memberAddMode' | 'joinApproval' | 'ephemeralSeconds'>
>;

export type NewGroup = Readonly<{
  /** Comes back with what WhatsApp tells of the group, so that whoever asked knows it again: 32 letters and digits. */
  key: string;
  subject: string;
  participants: readonly Peer[];
  description: string | null;
  settings: Omit<GroupSetting, 'memberAddMode'>;
}>;

/** A group as who only has its link sees it. */
export type GroupBehindLink = Readonly<{ jid: string; facts: GroupFacts; size: number }>;

/** Somebody who waits until an admin lets him in. */
export type JoinRequest = Readonly<{ person: Peer; at: Date; byLink: boolean }>;

/** WhatsApp refuses what it was asked for. */
export class GroupRefused extends Error {
  /** @param code WhatsApp's, as HTTP's: 403 is not allowed, 429 asked too often */
  constructor(
    readonly code: number,
    options?: ErrorOptions,
  ) {
    super(`WhatsApp refuses it: ${code}`, options);
  }
}

/** WhatsApp did not say a thing. It may have done what it was asked for. */
export class GroupUnanswered extends Error {}

/**
 * The groups of a number that is connected to this node, under its lease, after all that waited at WhatsApp was delivered. Each
 * command resolves when WhatsApp has done it and what it tells of that is kept (`GroupTraffic`).
 * Each @throws GroupRefused | GroupUnanswered | SessionOffline: the connection went, and it may have been done or not
 */
export interface GroupCommands {
  readonly lease: Lease;
  readonly closed: AbortSignal;
  mayAct(): boolean;

  /** Resolves when all that WhatsApp has told so far is kept. */
  delivered(): Promise<void>;
  /** What is known of a group may be wrong. */
  askAgain(jid: string): Promise<void>;
  /** As `askAgain`, of all that the number is in. */
  askForAll(): void;

  /** @returns what was made, and those who are not in it */
  create(group: NewGroup): Promise<Readonly<{ snapshot: GroupSnapshot; refused: readonly PersonAnswer[] }>>;
  setSubject(jid: string, subject: string): Promise<void>;
  setDescription(jid: string, description: string | null): Promise<void>;
  /** @param picture null takes it away @throws MediaRejected when it is none */
  setPicture(jid: string, picture: Buffer | null): Promise<void>;
  /** @returns what it looks like; null: it has no picture, or none that the number is shown */
  picture(jid: string): Promise<Buffer | null>;
  set(jid: string, setting: GroupSetting): Promise<void>;
  changePeople(jid: string, command: PeopleCommand, people: readonly Peer[]): Promise<PersonAnswer[]>;
  leave(jid: string, kind: GroupFacts['kind']): Promise<void>;
  inviteCode(jid: string): Promise<string>;
  /** @returns the one that works from now on */
  revokeInviteCode(jid: string): Promise<string>;
  behindLink(code: string): Promise<GroupBehindLink>;
  /** @returns false when an admin has to let the number in */
  join(group: GroupBehindLink, code: string): Promise<boolean>;
  joinRequests(jid: string): Promise<JoinRequest[]>;
  decide(jid: string, decision: RequestDecision, people: readonly Peer[]): Promise<PersonAnswer[]>;
}

/** Whoever has something done to groups. */
export interface GroupActions {
  /** A number is connected, and all that waited was delivered. Not awaited. */
  opened(groups: GroupCommands): void;
}
