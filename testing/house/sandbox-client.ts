import { randomUUID } from 'node:crypto';
import { until } from '../until.ts';

/** A message as a virtual phone shows it. */
export type PhoneMessage = {
  id: string;
  from: string;
  to: string;
  /** As the phone sees it. */
  direction: 'in' | 'out';
  text?: string | null;
  status?: string;
};

export type SandboxStats = {
  connections: number;
  unknownStanzas: Record<string, number>;
  messagesRelayed: number;
  duplicates: number;
  undecryptable: number;
};

/** An id that no message had before, in the form that phones give them. */
const newMessageId = (): string => `3A${randomUUID().replaceAll('-', '').slice(0, 18).toUpperCase()}`;

/** The control API of the sandbox, as a test speaks to it. */
export class SandboxClient {
  constructor(readonly url: string) {}

  /** @throws when the answer is not 2xx, with what it said. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async createPhone(options: { phone?: string; name?: string; silent?: boolean } = {}): Promise<string> {
    const { phone } = await this.call<{ phone: string }>('POST', '/phones', options);
    return phone;
  }

  /** Sends from a phone; repeated with the same id until the sandbox has taken it, whatever is killed meanwhile. */
  async send(from: string, message: { to: string; text: string; id?: string }): Promise<void> {
    const id = message.id ?? newMessageId();
    await until(
      `the sandbox to take ${id}`,
      async () => {
        await this.call('POST', `/phones/${from}/messages`, { ...message, id });
        return true;
      },
      { timeoutMs: 180_000 },
    );
  }

  /** The oldest first. */
  messages(phone: string, peer: string): Promise<PhoneMessage[]> {
    return this.call('GET', `/phones/${phone}/messages?with=${encodeURIComponent(peer)}`);
  }

  stats(): Promise<SandboxStats> {
    return this.call('GET', '/stats');
  }

  /** Looks once more before the sandbox goes. @returns throws when it was asked for what it does not know */
  async lastLook(): Promise<() => void> {
    const { unknownStanzas } = await this.stats();
    return () => {
      const unknown = JSON.stringify(unknownStanzas);
      if (unknown !== '{}') throw new Error(`the sandbox does not know what it was asked: ${unknown}`);
    };
  }
}
