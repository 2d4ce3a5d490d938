import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { PublicFetch } from '../../platform/http/public-fetch.ts';
import { type ClaimedDelivery, CLAIM_MS, type Tried } from './webhook-queue.repository.ts';
import { signedHeaders } from './webhook-secrets.ts';
import { type Outcome, outcomeOf, outcomeOfFault } from './webhooks.rules.ts';

/** Longest that one try may take, from the look-up of the name to the end of the answer. */
export const ANSWER_MAX_MS = 10_000;
/** What is kept of an answer. */
const ANSWER_MAX_BYTES = 4_096;

const NOT_SENT = { status: null, answer: null, retryAfterMs: 0 } as const;

/** Tells one event to one endpoint: signed, to a public address only, and without following it elsewhere. */
@Injectable()
export class WebhookSender {
  private readonly web: PublicFetch;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.web = new PublicFetch({
      timeoutMs: ANSWER_MAX_MS,
      bytesMax: ANSWER_MAX_BYTES,
      cutsAnswer: true,
      redirectsMax: 0,
      allowedNetworks: config.outgoing.allowedNetworks,
    });
  }

  /** @param claimedAtMs on the monotonic clock @returns null when so much time has passed that another node may be at it */
  async send({ url, body, event, secrets }: ClaimedDelivery, claimedAtMs: number): Promise<Tried | null> {
    if (this.clock.monotonicMs() - claimedAtMs > CLAIM_MS - 2 * ANSWER_MAX_MS) return null;
    if (secrets === null) return { ...NOT_SENT, error: 'key_missing', headers: {}, durationMs: 0 };
    const startedAtMs = this.clock.monotonicMs();
    const headers = signedHeaders(secrets, event, this.clock.now(), body);
    const outcome = await this.post(url, headers, body);
    return { ...outcome, headers, durationMs: Math.round(this.clock.monotonicMs() - startedAtMs) };
  }

  private async post(url: string, headers: Record<string, string>, body: string): Promise<Outcome> {
    try {
      return outcomeOf(await this.web.fetch(url, { method: 'POST', headers, body }), this.clock.now());
    } catch (error) {
      return outcomeOfFault(error);
    }
  }
}
