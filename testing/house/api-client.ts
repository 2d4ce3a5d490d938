import { randomUUID } from 'node:crypto';
import {
  MessagePage,
  type MessageView,
  SendAccepted,
  SessionLink,
  SessionWithLink,
  SessionView,
} from '@wasel/backend/contract';
import { ApiCaller, bodyOf, signUp, tokenFor } from '../api-caller.ts';
import { until } from '../until.ts';

/** Longer than it takes to start what was killed several times in a row. */
const TAKEN_MAX_MS = 180_000;

/** A person with an organization, at one node of the house; every call is as the dashboard would make it. */
export class ApiClient extends ApiCaller {
  private cookie = '';

  constructor(
    url: string,
    email = `${randomUUID()}@example.com`,
    readonly password = `${randomUUID()}-Aa1`,
  ) {
    super(url, email, '');
  }

  /** Signs up and creates an organization. */
  async register(organization = 'Test', name = 'Test Person'): Promise<this> {
    this.cookie = await signUp(this.url, { email: this.email, password: this.password, name });
    await this.renewToken();
    return this.found(organization);
  }

  /** What a browser would have after signing in. */
  get cookies(): { name: string; value: string; url: string }[] {
    return this.cookie.split('; ').map((one) => {
      const [name = '', ...value] = one.split('=');
      return { name, value: decodeURIComponent(value.join('=')), url: this.url };
    });
  }

  async renewToken(): Promise<string> {
    this.token = await tokenFor(this.url, this.cookie);
    return this.token;
  }

  /** With a new token when the old one is over. @throws when the answer is not 2xx, with what it said. */
  async call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<unknown> {
    let response = await this.request(method, path, body, headers);
    if (response.status === 401 && this.cookie) {
      await this.renewToken();
      response = await this.request(method, path, body, headers);
    }
    return bodyOf(response, `${method} ${path}`);
  }

  async createSession(name: string): Promise<SessionWithLink> {
    return SessionWithLink.parse(await this.call('POST', '/sessions/create', { name }));
  }

  /** Creates a session, and has its first QR code: on a busy machine that comes after the answer. */
  async createWithQr(name: string): Promise<{ id: string; qr: string }> {
    const { session, link } = await this.createSession(name);
    const shown = async () => SessionLink.parse(await this.call('GET', `/sessions/${session.id}/qr`)).qr ?? undefined;
    return { id: session.id, qr: link.qr ?? (await until('a QR code', shown)) };
  }

  async session(id: string): Promise<SessionView> {
    return SessionView.parse(await this.call('GET', `/sessions/${id}`));
  }

  /** Accepts a text once, however often the answer is lost: the key is the same on every try. */
  send(session: string, to: string, text: string): Promise<SendAccepted> {
    const key = randomUUID();
    return until(
      `the API to accept "${text}"`,
      async () =>
        SendAccepted.parse(
          await this.call(
            'POST',
            '/messages/send',
            { type: 'text', session_id: session, to, text },
            { 'idempotency-key': key },
          ),
        ),
      { timeoutMs: TAKEN_MAX_MS },
    );
  }

  /** Every message of one session, the newest first. */
  async messages(session: string): Promise<MessageView[]> {
    const all: MessageView[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ session_id: session, limit: '100', ...(cursor ? { cursor } : {}) });
      const page = MessagePage.parse(await this.call('GET', `/messages?${query.toString()}`));
      all.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return all;
  }

  /** Resolves when a message with this text has one of the statuses. */
  async waitForText(session: string, text: string, statuses: readonly string[]): Promise<void> {
    await until(`"${text}" to be ${statuses.join(' or ')}`, async () =>
      (await this.messages(session)).some((one) => one.text === text && statuses.includes(one.status)),
    );
  }
}
