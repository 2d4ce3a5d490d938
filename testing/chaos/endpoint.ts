import type { ApiClient } from '../house/api-client.ts';
import { until } from '../until.ts';
import { WebhookReceiver } from '../webhook-receiver.ts';

/** What a customer's endpoint was told of messages. */
export type TellingOutcome = Readonly<{
  owed: number;
  /** Of those, told at least once. */
  told: number;
  /** Told under more than one `webhook-id`: the customer could not know that it is one event. */
  underSeveralIds: number;
  /** Requests that told again what was told already. */
  again: number;
  forged: number;
}>;

/** Every so-many-th request ends without an answer, so that it has to come again. */
const CUT_EVERY = 25;
const TELLING_MAX_MS = 180_000;

/** A customer's webhook endpoint, which loses an answer now and then. */
export class Endpoint {
  private readonly receiver = new WebhookReceiver();
  private readonly events = new Map<string, Set<string>>();
  private requests = 0;

  async start(): Promise<this> {
    await this.receiver.start();
    return this;
  }

  /** Has it told of all messages of the caller's organization. */
  async add(api: ApiClient): Promise<void> {
    this.receiver.answer = ({ id, body }) => {
      const message = String(body.data.whatsapp_message_id);
      this.events.set(message, (this.events.get(message) ?? new Set()).add(id));
      this.requests += 1;
      return this.requests % CUT_EVERY === 0 ? 'close' : 200;
    };
    const endpoint = { url: this.receiver.url(), event_types: ['message.created'] };
    const { secret } = (await api.call('POST', '/webhook-endpoints', endpoint)) as { secret: string };
    this.receiver.secrets.push(secret);
  }

  /** Waits for what is owed. @param messages their WhatsApp ids */
  async judge(messages: readonly string[]): Promise<TellingOutcome> {
    const missing = () => messages.filter((id) => !this.events.has(id)).length;
    await until('the endpoint to be told everything', () => missing() === 0, { timeoutMs: TELLING_MAX_MS }).catch(
      () => undefined, // what is missing is in the outcome
    );
    return {
      owed: messages.length,
      told: messages.length - missing(),
      underSeveralIds: [...this.events.values()].filter((ids) => ids.size > 1).length,
      again: this.requests - this.events.size,
      forged: this.receiver.forged,
    };
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }
}
