import { lookup as resolveName } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { isPublic } from './public-address.ts';
import { AddressNotAllowed, AddressUnreachable, AnswerTooLarge, TooManyRedirects } from './public-fetch.errors.ts';

/** Every address of a name, as the resolver of the machine knows them. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export type PublicRequest = Readonly<{
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
}>;

/** `url` is where it was answered, after redirects; header names are in lower case. */
export type PublicAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  url: string;
}>;

export type PublicFetchOptions = Readonly<{
  /** For the whole of it, redirects included. */
  timeoutMs?: number;
  bytesMax?: number;
  /** Longer answers are cut there; otherwise they are AnswerTooLarge. */
  cutsAnswer?: boolean;
  redirectsMax?: number;
  resolve?: Resolve;
  /** Networks (`10.1.0.0/16`) that an operator opens although they are not public. */
  allowedNetworks?: readonly string[];
}>;

const DEFAULTS = { timeoutMs: 10_000, bytesMax: 1024 * 1024, cutsAnswer: false, redirectsMax: 3 } as const;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What is meant for the first host and nobody else. */
const PRIVATE_HEADERS = /^(authorization|cookie|proxy-authorization|webhook-.*)$/i;

/**
 * The only way out to an address that somebody typed in. A name is resolved once, every address that it has must be public,
 * and the connection goes to the very address that was looked at: a name that says something else a moment later (DNS
 * rebinding) is not asked again. Redirects are followed here, each looked at anew.
 */
export class PublicFetch {
  private readonly options: Required<PublicFetchOptions>;

  constructor(options: PublicFetchOptions = {}) {
    this.options = { ...DEFAULTS, resolve: resolveAll, allowedNetworks: [], ...options };
  }

  /** @throws AddressNotAllowed | AddressUnreachable | TooManyRedirects | AnswerTooLarge */
  async fetch(address: string, asked: PublicRequest = {}): Promise<PublicAnswer> {
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    let [url, sent] = [parse(address), asked];
    for (let redirects = 0; redirects <= this.options.redirectsMax; redirects++) {
      const answer = await this.once(url, sent, signal);
      const location = answer.headers['location'];
      if (!REDIRECTS.has(answer.status) || typeof location !== 'string') return answer;
      const next = parse(location, url);
      sent = redirected(sent, answer.status, next.origin === url.origin);
      url = next;
    }
    throw new TooManyRedirects();
  }

  private async once(url: URL, sent: PublicRequest, signal: AbortSignal): Promise<PublicAnswer> {
    const addresses = await this.publicAddresses(url.hostname, signal);
    const dispatcher = new Agent({ connect: { lookup: only(addresses) } });
    try {
      const { method = 'GET', headers = {}, body = null } = sent;
      const response = await request(url, { dispatcher, method, headers: { ...headers }, body, signal });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: await readAtMost(response.body, this.options),
        url: url.href,
      };
    } catch (cause) {
      throw cause instanceof AnswerTooLarge ? cause : new AddressUnreachable({ cause });
    } finally {
      void dispatcher.destroy().catch(() => undefined);
    }
  }

  /** One that is not public spoils them all: which is taken could be chosen by whoever runs the name. */
  private async publicAddresses(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
    const host = hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(host) ? [host] : await within(this.options.resolve(host), signal);
    if (addresses.length === 0) throw new AddressUnreachable();
    for (const one of addresses)
      if (!isPublic(one, this.options.allowedNetworks))
        throw new AddressNotAllowed({ cause: new Error(`${host} is ${one}`) });
    return addresses;
  }
}

const resolveAll: Resolve = async (host) =>
  (await resolveName(host, { all: true, verbatim: true })).map(({ address }) => address);

async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } catch (cause) {
    throw new AddressUnreachable({ cause });
  }
}

/** @throws AddressNotAllowed when it is none, or asks for more than a page */
function parse(address: string, base?: URL): URL {
  if (!URL.canParse(address, base?.href)) throw new AddressNotAllowed();
  const url = new URL(address, base);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.hostname === '')
    throw new AddressNotAllowed();
  return url;
}

/** As browsers do: what was posted is not posted elsewhere, and secrets stay with the host that they were for. */
function redirected(sent: PublicRequest, status: number, sameOrigin: boolean): PublicRequest {
  const headers = Object.fromEntries(
    Object.entries(sent.headers ?? {}).filter(([name]) => sameOrigin || !PRIVATE_HEADERS.test(name)),
  );
  const keeps = status === 307 || status === 308 || sent.method === 'GET' || sent.method === 'HEAD';
  return keeps ? { ...sent, headers } : { method: 'GET', headers };
}

/** Answers whatever name is asked for with these, and nothing else. */
const only =
  (addresses: readonly string[]): LookupFunction =>
  (_, options, answer) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = found;
    if (options.all === true) answer(null, found);
    else answer(null, first?.address ?? '', first?.family);
  };

async function readAtMost(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  { bytesMax, cutsAnswer }: Pick<Required<PublicFetchOptions>, 'bytesMax' | 'cutsAnswer'>,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      if (cutsAnswer) {
        chunks.push(chunk.subarray(0, chunk.length - (bytes - bytesMax)));
        break; // which ends the body
      }
      body.destroy();
      throw new AnswerTooLarge(bytesMax);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
