/** What the phones do with groups. They do it by the same rules as linked devices, and are refused with the same codes. */
import { randomBytes } from 'node:crypto';
import { pnJid } from '../protocol/jid.ts';
import type { Phones } from '../phone/phones.ts';
import type { ServerContext } from '../server/context.ts';
import { addressOf, allGroups } from '../server/groups/book.ts';
import { linkGroup, unlinkGroup } from '../server/groups/community.ts';
import { type CreatedGroup, createCommunity, createGroup, createLinkedGroup } from '../server/groups/creation.ts';
import { acceptInvitation, decideRequests, joinByCode, revokeInviteCode } from '../server/groups/joining.ts';
import {
  addParticipants,
  changeNumber,
  changeRank,
  endGroup,
  leaveGroup,
  removeParticipants,
} from '../server/groups/membership.ts';
import { requireGroup } from '../server/groups/rights.ts';
import { setDescription, setEphemeral, setPicture, setSettings, setSubject } from '../server/groups/settings.ts';
import { IqError } from '../server/iq/iq.ts';
import { type ErrorKind, SandboxError } from '../server/sandbox-error.ts';
import type { Group } from '../store/rows.ts';
import * as schema from './group-schemas.ts';
import { viewGroup, viewGroupSummary, viewLog, viewResults } from './group-views.ts';
import { type Call, parse, type Router } from './http.ts';

type Rooms = Readonly<{ context: ServerContext; phones: Phones }>;

export function addGroupRoutes(router: Router, rooms: Rooms): void {
  const { context } = rooms;
  const on = groupRoute(context);
  router
    .on('POST', '/groups', ({ body }) => create(rooms, parse(schema.CreateGroup, body)))
    .on('GET', '/groups', () => allGroups(context).map((group) => viewGroupSummary(context, group)))
    .on(
      'GET',
      '/groups/:group',
      on((group) => viewGroup(context, group)),
    )
    .on(
      'GET',
      '/groups/:group/log',
      on((group) => viewLog(context, group)),
    );
  addMembershipRoutes(router, rooms);
  addSeldomRoutes(router, rooms);
  addSettingRoutes(router, rooms);
}

function addMembershipRoutes(router: Router, { context, phones }: Rooms): void {
  const on = groupRoute(context);
  router
    .on(
      'POST',
      '/groups/:group/participants',
      on((group, { body }) => {
        const { by, action, phones: people } = parse(schema.ChangeParticipants, body);
        const actor = phones.require(by).phone;
        const jids = people.map((phone) => pnJid(phone));
        const change = { add: addParticipants, remove: removeParticipants } as const;
        const results =
          action === 'promote' || action === 'demote'
            ? changeRank(context, group, actor, jids, action)
            : change[action](context, group, actor, jids);
        return viewResults(people, results);
      }),
    )
    .on(
      'POST',
      '/groups/:group/requests',
      on((group, { body }) => {
        const { by, action, phones: people } = parse(schema.DecideRequests, body);
        const jids = people.map((phone) => pnJid(phone));
        return viewResults(people, decideRequests(context, group, phones.require(by).phone, jids, action));
      }),
    )
    .on(
      'POST',
      '/groups/:group/leave',
      on((group, { body }) => leaveGroup(context, group, phones.require(parse(schema.Leave, body).phone).phone)),
    )
    .on(
      'POST',
      '/groups/:group/join',
      on((group, { body }) => {
        const { phone, code } = parse(schema.Join, body);
        return { outcome: join(context, group, phones.require(phone).phone, code) };
      }),
    )
    .on(
      'POST',
      '/groups/:group/invite',
      on((group, { body }) => ({
        inviteCode: revokeInviteCode(context, group, phones.require(parse(schema.By, body).by).phone),
      })),
    )
    .on(
      'POST',
      '/groups/:group/link',
      on((parent, { body }) => {
        const { by, group, linked } = parse(schema.Link, body);
        const change = linked ? linkGroup : unlinkGroup;
        change(context, parent, requireGroup(context, group), phones.require(by).phone);
      }),
    );
}

/** What happens to groups now and then. */
function addSeldomRoutes(router: Router, { context, phones }: Rooms): void {
  const on = groupRoute(context);
  router
    .on(
      'POST',
      '/groups/:group/number',
      on((group, { body }) => {
        const { from, to } = parse(schema.ChangeNumber, body);
        changeNumber(context, group, phones.require(from).phone, phones.require(to).phone);
      }),
    )
    .on(
      'POST',
      '/groups/:group/end',
      on((group, { body }) => endGroup(context, group, parse(schema.EndGroup, body).reason)),
    );
}

function addSettingRoutes(router: Router, { context, phones }: Rooms): void {
  const on = groupRoute(context);
  const changed = (group: Group) => viewGroup(context, requireGroup(context, addressOf(group)));
  router
    .on(
      'POST',
      '/groups/:group/settings',
      on((group, { body }) => {
        const { by, ephemeral, ...settings } = parse(schema.ChangeSettings, body);
        const actor = phones.require(by).phone;
        if (Object.keys(settings).length > 0) setSettings(context, group, actor, defined(settings));
        if (ephemeral !== undefined) setEphemeral(context, requireGroup(context, addressOf(group)), actor, ephemeral);
        return changed(group);
      }),
    )
    .on(
      'POST',
      '/groups/:group/subject',
      on((group, { body }) => {
        const { by, subject } = parse(schema.ChangeSubject, body);
        setSubject(context, group, phones.require(by).phone, subject);
        return changed(group);
      }),
    )
    .on(
      'POST',
      '/groups/:group/description',
      on((group, { body }) => {
        const { by, description } = parse(schema.ChangeDescription, body);
        const made = { text: description ?? undefined, id: newId(), previous: group.description?.id };
        setDescription(context, group, phones.require(by).phone, made);
        return changed(group);
      }),
    )
    .on(
      'POST',
      '/groups/:group/picture',
      on((group, { body }) => {
        const { by, base64 } = parse(schema.ChangePicture, body);
        const bytes = base64 === null ? undefined : Buffer.from(base64, 'base64');
        setPicture(context, group, phones.require(by).phone, bytes);
        return changed(group);
      }),
    );
}

function create({ context, phones }: Rooms, request: schema.CreateGroup): object {
  const { owner, subject, participants, description, community, parent, ...settings } = request;
  const made = {
    creator: phones.require(owner).phone,
    subject,
    participants: participants.map((phone) => pnJid(phone)),
    description: description === undefined ? undefined : { id: newId(), text: description },
    settings: defined(settings),
  };
  const createAsAsked = (): CreatedGroup => {
    if (community) return createCommunity(context, { ...made, generalChat: false });
    return parent === undefined
      ? createGroup(context, made)
      : createLinkedGroup(context, requireGroup(context, parent), made);
  };
  const { group, results } = asOne(context, createAsAsked);
  const asked = results.map(({ jid }) => context.directory.find(jid)?.phone ?? jid.split('@')[0] ?? '');
  return { ...viewGroup(context, group), results: viewResults(asked, results) };
}

/** By the invitation that he was sent, or by the group's link. */
function join(context: ServerContext, group: Group, phone: string, code: string): 'joined' | 'requested' {
  if (context.store.tables.groupInvitations.get(group.id, phone)?.code !== code)
    return joinByCode(context, phone, code).outcome;
  acceptInvitation(context, group, phone, { code });
  return 'joined';
}

/** Finds the group that the path names; what the handler does to it is one change. */
function groupRoute(context: ServerContext) {
  return (handler: (group: Group, call: Call) => unknown) => (call: Call) =>
    asOne(context, () => handler(requireGroup(context, parse(schema.GroupInPath, call.params['group'])), call));
}

const KINDS: Readonly<Record<number, ErrorKind>> = {
  401: 'forbidden',
  403: 'forbidden',
  404: 'not-found',
  405: 'conflict',
  406: 'invalid',
  409: 'conflict',
  410: 'gone',
  419: 'conflict',
};

/** @throws SandboxError when WhatsApp would refuse it */
function asOne<T>(context: ServerContext, work: () => T): T {
  try {
    return context.store.transaction(work);
  } catch (error) {
    if (!(error instanceof IqError)) throw error;
    const kind = KINDS[error.code] ?? 'invalid';
    throw new SandboxError(kind, `WhatsApp refuses it: ${error.message} (${error.code}).`, { cause: error });
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const defined = <T extends object>(settings: T): Defined<T> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Defined<T>;

const newId = (): string => randomBytes(8).toString('hex').toUpperCase();
