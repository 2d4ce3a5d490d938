import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import ipaddr from 'ipaddr.js';
import { type Limit, RateLimits, rateLimitHeaders, type Use } from '../../platform/rate-limits/rate-limits.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import { addressOf, type Caller, type User } from './caller.ts';

const QUARTER_HOUR_SECONDS = 15 * 60;

/** Of requests without good credentials. */
const UNAUTHENTICATED: Limit = { name: 'unauthenticated', max: 100, windowSeconds: QUARTER_HOUR_SECONDS };
/** Of connections for what happens live, good or bad: a whole office may be behind one address, and come back at once. */
const CONNECTIONS: Limit = { name: 'connections', max: 600, windowSeconds: QUARTER_HOUR_SECONDS };
/** Of a person, where no organization is involved. */
const PERSON: Limit = { name: 'person', max: 300, windowSeconds: 60 };
/** Of wrong passwords: from one place for one account, from one place, and for one account from wherever. */
const SIGN_INS: readonly [Limit, (address: string, account: string) => string][] = [
  [{ name: 'sign-in', max: 5, windowSeconds: QUARTER_HOUR_SECONDS }, (address, account) => `${address} ${account}`],
  [{ name: 'sign-in-address', max: 30, windowSeconds: QUARTER_HOUR_SECONDS }, (address) => address],
  [{ name: 'sign-in-account', max: 100, windowSeconds: QUARTER_HOUR_SECONDS }, (_, account) => account],
];

type Asking = Pick<Request, 'ip'>;
type Answering = Pick<Response, 'setHeader'>;

/** Who may ask how often. What is left is said in the headers of every answer that was counted. */
@Injectable()
export class RequestLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly entitlements: Entitlements,
  ) {}

  /** @throws RateLimited */
  async unauthenticated(request: Asking, response?: Answering): Promise<void> {
    await this.take([{ limit: UNAUTHENTICATED, of: placeOf(request) }], response);
  }

  /** @throws RateLimited */
  async connection(request: Asking): Promise<void> {
    await this.take([{ limit: CONNECTIONS, of: placeOf(request) }], undefined);
  }

  /** @throws RateLimited */
  async person({ id }: User, response: Answering): Promise<void> {
    await this.take([{ limit: PERSON, of: id }], response);
  }

  /** @throws RateLimited */
  async caller({ organization, actor }: Pick<Caller, 'organization' | 'actor'>, response?: Answering): Promise<void> {
    const { perOrganization, perKey } = this.entitlements.requestLimits(organization);
    const uses: Use[] = [{ limit: perOrganization, of: organization }];
    if (actor.type === 'key') uses.push({ limit: perKey, of: actor.id });
    await this.take(uses, response);
  }

  /**
   * Counts an attempt to sign in as a failed one before it is known to be, so that a hundred at once are not all let through.
   * @returns what takes it back when it was a good one @throws RateLimited
   */
  async signIn(request: Asking, account: string): Promise<() => Promise<void>> {
    const uses = SIGN_INS.map(([limit, of]) => ({ limit, of: of(placeOf(request), account) }));
    await this.limits.take(uses);
    return () => this.limits.giveBack(uses);
  }

  private async take(uses: readonly Use[], response: Answering | undefined): Promise<void> {
    const headers = rateLimitHeaders(await this.limits.take(uses));
    for (const [name, value] of Object.entries(headers)) response?.setHeader(name, value);
  }
}

/** An address; of IPv6 the network, for everybody has more addresses in his than could be counted. */
function placeOf(request: Asking): string {
  const address = addressOf(request) ?? 'unknown';
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.parse(address).toByteArray().slice(0, 8).join('.');
}
