/** The control API as a typed client, with its events to wait on. Works against any sandbox, in this process or another. */
import http from 'node:http';
import type {
  ChatView,
  FaultOptions,
  GroupLogView,
  GroupSummary,
  GroupView,
  MessageView,
  ParticipantView,
  PhoneView,
  SandboxEvent,
  Trust,
} from '../index.ts';
import type { MediaKind } from '../phone/message-content.ts';
import { EventLog } from './event-log.ts';

export type Stats = Readonly<{
  connections: number;
  phones: number;
  stanzas: { in: number; out: number };
  unknownStanzas: Record<string, number>;
  /** By kind, e.g. `w:g2 get query`. */
  iqs: Record<string, number>;
  messagesRelayed: number;
  duplicates: number;
  undecryptable: number;
  protocolViolations: number;
}>;

export type MediaToSend = Readonly<{
  kind: MediaKind;
  base64?: string;
  url?: string;
  mimetype?: string;
  fileName?: string;
  caption?: string;
}>;

/** A problem answer of the control API. */
export class ControlProblem extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`status ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

export class SandboxControl {
  readonly url: string;
  readonly events = new EventLog<SandboxEvent>();
  #stream: http.ClientRequest | undefined;

  constructor(url: string) {
    this.url = url;
  }

  /** Follows `GET /events`. Resolves when nothing can be missed any more. */
  async follow(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#stream = http.get(`${this.url}/events`, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const blocks = (text + chunk).split('\n\n');
          text = blocks.pop() ?? '';
          for (const block of blocks) {
            if (block.startsWith('event: ready')) resolve();
            else if (block.startsWith('data: ')) this.events.push(JSON.parse(block.slice(6)) as SandboxEvent);
          }
        });
        response.on('error', () => undefined);
      });
      this.#stream.on('error', reject);
    });
    return this;
  }

  close(): void {
    this.#stream?.destroy();
  }

  trust = () => this.#call<Trust>('GET', '/trust');
  stats = () => this.#call<Stats>('GET', '/stats');
  phones = () => this.#call<PhoneView[]>('GET', '/phones');
  phone = (phone: string) => this.#call<PhoneView>('GET', `/phones/${phone}`);
  createPhone = (options: object = {}) => this.#call<PhoneView>('POST', '/phones', options);
  changePhone = (phone: string, change: object) => this.#call<PhoneView>('PATCH', `/phones/${phone}`, change);
  scan = (phone: string, qr: string) => this.#call<{ device: number }>('POST', `/phones/${phone}/scan`, { qr });
  pair = (phone: string, code: string) => this.#call<{ device: number }>('POST', `/phones/${phone}/pair`, { code });
  sendText = (phone: string, to: string, text: string, id?: string) =>
    this.#call<MessageView>('POST', `/phones/${phone}/messages`, { to, text, ...(id && { id }) });
  sendMedia = (phone: string, to: string, media: MediaToSend) =>
    this.#call<MessageView>('POST', `/phones/${phone}/messages`, { to, media });
  /** Sends whatever the control API takes besides `to`. */
  send = (phone: string, to: string, content: object) =>
    this.#call<MessageView>('POST', `/phones/${phone}/messages`, { to, ...content });
  chats = (phone: string) => this.#call<ChatView[]>('GET', `/phones/${phone}/chats`);
  messages = (phone: string, partner?: string, after?: string) =>
    this.#call<MessageView[]>(
      'GET',
      `/phones/${phone}/messages?${new URLSearchParams({ ...(partner && { with: partner }), ...(after && { after }) }).toString()}`,
    );
  read = (phone: string, partner: string, played = false) =>
    this.#call<{ ids: string[] }>('POST', `/phones/${phone}/read`, { with: partner, ...(played && { played }) });
  typing = (phone: string, to: string, state = 'composing') =>
    this.#call('POST', `/phones/${phone}/typing`, { to, state });
  block = (phone: string, other: string, blocked = true) =>
    this.#call('POST', `/phones/${phone}/block`, { phone: other, blocked });
  offline = (phone: string) => this.#call<PhoneView>('POST', `/phones/${phone}/offline`);
  online = (phone: string) => this.#call<PhoneView>('POST', `/phones/${phone}/online`);
  unlink = (phone: string, device: number) => this.#call('DELETE', `/phones/${phone}/devices/${device}`);
  /** Made by a phone: `{owner, subject, participants, …}`. */
  createGroup = (group: object) => this.#call<GroupView & { results: ParticipantView[] }>('POST', '/groups', group);
  groups = () => this.#call<GroupSummary[]>('GET', '/groups');
  group = (id: string) => this.#call<GroupView>('GET', `/groups/${id}`);
  groupLog = (id: string) => this.#call<GroupLogView[]>('GET', `/groups/${id}/log`);
  changeParticipants = (id: string, by: string, action: 'add' | 'remove' | 'promote' | 'demote', phones: string[]) =>
    this.#call<ParticipantView[]>('POST', `/groups/${id}/participants`, { by, action, phones });
  decideRequests = (id: string, by: string, action: 'approve' | 'reject', phones: string[]) =>
    this.#call<ParticipantView[]>('POST', `/groups/${id}/requests`, { by, action, phones });
  leaveGroup = (id: string, phone: string) => this.#call('POST', `/groups/${id}/leave`, { phone });
  joinGroup = (id: string, phone: string, code: string) =>
    this.#call<{ outcome: 'joined' | 'requested' }>('POST', `/groups/${id}/join`, { phone, code });
  /** @param what `settings` `subject` `description` `picture` `invite` or `link`, with what the control API takes for it */
  changeGroup = (id: string, what: string, change: object) =>
    this.#call<GroupView>('POST', `/groups/${id}/${what}`, change);
  addFault = (fault: FaultOptions) => this.#call('POST', '/faults', fault);
  restrict = (phone: string, restrictions: object) => this.#call('POST', `/phones/${phone}/restrictions`, restrictions);
  clearFaults = () => this.#call('DELETE', '/faults');

  async media(phone: string, messageId: string): Promise<Buffer> {
    const response = await fetch(`${this.url}/phones/${phone}/media/${messageId}`);
    if (!response.ok) throw new ControlProblem(response.status, await response.json());
    return Buffer.from(await response.arrayBuffer());
  }

  /** The message once it is in the phone's chat. */
  async message(phone: string, what: string, matches: (message: MessageView) => boolean): Promise<MessageView> {
    return this.#eventually(phone, what, matches);
  }

  text(phone: string, text: string): Promise<MessageView> {
    return this.#eventually(phone, `"${text}" at ${phone}`, (message) => message.text === text);
  }

  /** The message once it has a status that `fits`. */
  status(phone: string, id: string, ...fits: MessageView['status'][]): Promise<MessageView> {
    return this.#eventually(
      phone,
      `${id} at ${phone} to be ${fits.join(' or ')}`,
      (message) => message.id === id && fits.includes(message.status),
    );
  }

  /** Looks now and after each event about the phone's messages. Needs `follow`. */
  async #eventually(phone: string, what: string, matches: (message: MessageView) => boolean): Promise<MessageView> {
    for (;;) {
      const since = this.events.events.length;
      const found = (await this.messages(phone)).find(matches);
      if (found) return found;
      const isNews = (event: SandboxEvent) =>
        (event.type === 'message' || event.type === 'status') && event.phone === phone ? true : undefined;
      await this.events.waitFor(what, isNews, { since });
    }
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(this.url + path, { method, ...json });
    const answer: unknown = await response.json();
    if (!response.ok) throw new ControlProblem(response.status, answer);
    return answer as T;
  }
}
