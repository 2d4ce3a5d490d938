import { randomUUID } from 'node:crypto';
import {
  MessagePage,
  type MessageView,
  OrganizationView,
  SendAccepted,
  SessionLink,
  SessionWithLink,
  SessionView,
} from '@wasel/backend/contract';
import { z } from 'zod';
import { until } from '../until.ts';

/** A person with an organization, at one node of the house; every call is as the dashboard would make it. */
export class ApiClient {
  private token = '';
  private cookie = '';
  private organization = '';

  constructor(
    public url: string,
    readonly email = `${randomUUID()}@example.com`,
    readonly password = `${randomUUID()}-Aa1`,
  ) {}

  /** Signs up and creates an organization. */
  async register(organization = 'Test', name = 'Test Person'): Promise<this> {
    await this.authenticate('sign-up', { email: this.email, password: this.password, name });
    const { id } = OrganizationView.parse(
      await this.call('POST', '/organizations', {
        name: organization,
        country: 'IL',
        language: 'en',
        time_zone: 'Asia/Jerusalem',
      }),
    );
    this.organization = id;
    return this;
  }

  private async authenticate(how: 'sign-up' | 'sign-in', body: Record<string, string>): Promise<void> {
    const response = await fetch(`${this.url}/api/auth/${how}/email`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: this.url },
    });
    if (!response.ok) throw new Error(`${how}: ${response.status} ${await response.text()}`);
    this.cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    await this.renewToken();
  }

  /** What a browser would have after signing in. */
  get cookies(): { name: string; value: string; url: string }[] {
    return this.cookie.split('; ').map((one) => {
      const [name = '', ...value] = one.split('=');
      return { name, value: decodeURIComponent(value.join('=')), url: this.url };
    });
  }

  async renewToken(): Promise<string> {
    const response = await fetch(`${this.url}/api/auth/token`, { headers: { cookie: this.cookie } });
    if (!response.ok) throw new Error(`token: ${response.status} ${await response.text()}`);
    ({ token: this.token } = z.object({ token: z.string() }).parse(await response.json()));
    return this.token;
  }

  /** @throws when the answer is not 2xx, with what it said. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(this.organization ? { 'x-org-id': this.organization } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
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
    return until(`the API to accept "${text}"`, async () =>
      SendAccepted.parse(
        await this.call(
          'POST',
          '/messages/send',
          { type: 'text', session_id: session, to, text },
          { 'idempotency-key': key },
        ),
      ),
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
