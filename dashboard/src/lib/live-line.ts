import type { QueryClient } from '@tanstack/react-query';
import type { LiveEvent, LiveEventName, SessionLink } from '@wasel/backend/contract';
import { io, type Socket } from 'socket.io-client';
import { session } from './auth';
import { linkKey } from './link-key';

/** How long after a refusal, as by a token that has just run out, the door is knocked at again. */
const REFUSED_RETRY_MS = 5_000;

/** Between two rounds of questions. */
const GATHER_MS = 200;
/** An answer that takes longer does not keep the other questions waiting. */
const ANSWER_MAX_MS = 5_000;

/** Messages that changed, by their conversations. */
export type ChangedMessages = ReadonlyMap<string, ReadonlySet<string>>;

export type Line = Readonly<{
  cache: QueryClient;
  organization: string;
  onState: (connected: boolean) => void;
  /** Asks for these messages again, wherever they show. */
  refreshMessages: (changed: ChangedMessages) => Promise<unknown>;
  /** The same of conversations. */
  refreshConversations: (changed: ReadonlySet<string>) => Promise<unknown>;
  /** The same of groups. */
  refreshGroups: (changed: ReadonlySet<string>) => Promise<unknown>;
  /** Asks again why messages wait. */
  refreshWaiting: () => Promise<unknown>;
}>;

/** What is to be asked again: the queries of a key, all of them without one; single messages, conversations and groups; why messages wait. */
type Again = Readonly<{
  queries: (...key: readonly unknown[]) => void;
  message: (conversation: string, id: string) => void;
  conversation: (id: string) => void;
  group: (id: string) => void;
  waiting: () => void;
}>;

/**
 * What happens while things are asked again, or just after, is asked for together: ten thousand messages that leave are not as
 * many questions, and no answer is thrown away for the next one.
 */
function gathered({ cache, refreshMessages, refreshConversations, refreshGroups, refreshWaiting }: Line): Again {
  const waiting = new Map<string, () => Promise<unknown>>();
  let messages = new Map<string, Set<string>>();
  let conversations = new Set<string>();
  let groups = new Set<string>();
  let asking = false;
  const pause = (ms: number) => new Promise((over) => setTimeout(over, ms));
  async function askAll(): Promise<void> {
    asking = true;
    while (waiting.size > 0) {
      const questions = [...waiting.values()];
      waiting.clear();
      await Promise.race([Promise.allSettled(questions.map((ask) => ask())), pause(ANSWER_MAX_MS)]);
      await pause(GATHER_MS);
    }
    asking = false;
  }
  function soon(name: string, ask: () => Promise<unknown>): void {
    waiting.set(name, ask);
    if (!asking) void askAll();
  }
  function askForMessages(): Promise<unknown> {
    const changed = messages;
    messages = new Map();
    return refreshMessages(changed);
  }
  function askForConversations(): Promise<unknown> {
    const changed = conversations;
    conversations = new Set();
    return refreshConversations(changed);
  }
  function askForGroups(): Promise<unknown> {
    const changed = groups;
    groups = new Set();
    return refreshGroups(changed);
  }
  return {
    queries: (...queryKey) => soon(JSON.stringify(queryKey), () => cache.invalidateQueries({ queryKey })),
    message: (conversation, id) => {
      messages.set(conversation, (messages.get(conversation) ?? new Set()).add(id));
      soon('messages', askForMessages);
    },
    conversation: (id) => {
      conversations.add(id);
      soon('conversations', askForConversations);
    },
    group: (id) => {
      groups.add(id);
      soon('groups', askForGroups);
    },
    waiting: () => soon('waiting', refreshWaiting),
  };
}

type On = <N extends LiveEventName>(name: N, react: (event: LiveEvent<N>) => void) => void;

/** What is asked again after which fact. */
function askAfter(on: On, again: Again): void {
  const all = (...names: readonly string[]) => names.forEach((name) => again.queries(name));
  // A number's state and settings say what its messages wait for.
  for (const name of ['session.status', 'session.updated'] as const)
    on(name, () => {
      all('sessions', 'health');
      again.waiting();
    });
  for (const name of ['message.created', 'message.status', 'message.updated'] as const)
    on(name, ({ conversation_id: conversation, message_id: id }) => {
      again.message(conversation, id);
      for (const about of ['milestones', 'versions']) again.queries('messages', about);
      again.conversation(conversation);
      all('health');
    });
  for (const name of ['organization.suspended', 'organization.unsuspended'] as const)
    on(name, () => {
      all('me', 'activity');
      again.waiting();
    });
  for (const name of ['contact.created', 'contact.updated'] as const) on(name, () => all('contacts'));
  on('contact.merged', () => all('contacts', 'conversations', 'messages'));
  on('group.updated', ({ group_id: group }) => again.group(group));
  on('group.requests', ({ group_jid: jid }) => again.queries('group-questions', jid, 'requests'));
  on('group.action', ({ action_id: action }) => {
    again.queries('group-actions', action);
    all('group-additions'); // each step of one is an action
  });
  on('conversation.read', ({ conversation_id: conversation }) => again.conversation(conversation));
  for (const name of ['organization.deletion_requested', 'organization.restored'] as const)
    on(name, () => {
      all('me');
      again.waiting();
    });
  for (const name of ['alert.raised', 'alert.acknowledged', 'alert.resolved'] as const) on(name, () => all('alerts'));
  on('alert_destination.updated', () => all('alert-destinations'));
  for (const name of ['webhook_endpoint.updated', 'delivery.failed'] as const)
    on(name, () => all('webhook-endpoints', 'webhook-deliveries', 'alerts'));
  // What was read before the line stood may lack what happened until then.
  for (const name of ['live.ready', 'live.reset'] as const) on(name, () => again.queries());
}

/**
 * Has the queries that show what happens ask again: one source of truth, no second reducer. The socket remembers the last cursor
 * that it saw, so that nothing is missed while it is away.
 */
export function follow(line: Line): () => void {
  const { cache, organization, onState } = line;
  let cursor: string | undefined;
  const socket: Socket = io({
    path: '/socket.io',
    transports: ['websocket'],
    auth: (send) =>
      void session
        .token()
        .catch(() => null) // refused then, and tried again below
        .then((token) => send({ token, organization_id: organization, ...(cursor ? { cursor } : {}) })),
  });
  const again = gathered(line);
  const on: On = (name, react) =>
    socket.on<string>(name, (event: LiveEvent<typeof name>) => {
      if ('cursor' in event) cursor = event.cursor;
      react(event);
    });

  askAfter(on, again);
  socket.on('session.qr', ({ session_id: id, ...link }: { session_id: string } & SessionLink) =>
    cache.setQueryData(linkKey(id), link),
  );
  // No fact: what was missed while the line was down is asked for.
  for (const name of ['job.progress', 'connect']) socket.on(name, () => again.queries('jobs'));
  for (const name of ['broadcast.progress', 'connect']) socket.on(name, () => again.queries('broadcasts'));
  socket.on('connect', () => onState(true));
  socket.on('disconnect', (reason) => {
    onState(false);
    if (reason === 'io server disconnect') socket.connect(); // the token ran out: come back with a new one
  });
  let retry: ReturnType<typeof setTimeout> | undefined;
  socket.on('connect_error', ({ data }: Error & { data?: { code?: string } }) => {
    onState(false);
    // A token may end before its time.
    if (data?.code === 'unauthenticated') void session.token({ fresh: true }).catch(() => null);
    if (!socket.active) retry = setTimeout(() => socket.connect(), REFUSED_RETRY_MS); // a refusal is not tried again by itself
  });
  return () => {
    clearTimeout(retry);
    socket.disconnect();
  };
}
