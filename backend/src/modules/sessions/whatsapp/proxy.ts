import { EventEmitter } from 'node:events';
import type { ClientRequest } from 'node:http';
import type { Agent } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SocksProxyAgent } from 'socks-proxy-agent';
import { Agent as Dispatcher } from 'undici';
import { assertMayReach, publicLookup } from '../../../platform/http/public-address.ts';

/** `proxy_unreachable` it does not answer; `proxy_refused` it answers and does not let us through */
export type ProxyFault = 'proxy_unreachable' | 'proxy_refused';

/** How long a proxy may take until it has let us through. */
const DEADLINE_MS = 15_000;

class ProxyError extends Error {
  override readonly name = 'ProxyError';
  constructor(
    readonly fault: ProxyFault,
    options?: ErrorOptions,
  ) {
    super(fault, options);
  }
}

type Target = Readonly<{ host: string; port: number; secureEndpoint: boolean; servername?: string }>;
type Connect = (request: ClientRequest, target: Target) => Promise<Socket>;

/**
 * The one way out of a number that has a proxy: its socket, its uploads and its downloads. Names are resolved by the proxy,
 * so that not even the question for WhatsApp's address goes around it.
 */
export class ProxyRoute {
  /** For WhatsApp's socket. */
  readonly socketAgent: Agent;
  /** For files. */
  readonly mediaAgent: Agent;
  /** For what Baileys fetches. */
  readonly dispatcher: Dispatcher;
  /** Why the socket was not let through. */
  fault: ProxyFault | null = null;

  /**
   * @param ca authority to trust for files, where it is not the system's
   * @param allowedNetworks private networks that the operator lets proxies be in
   * @throws AddressNotAllowed
   */
  constructor(url: string, ca: string | undefined, allowedNetworks: readonly string[]) {
    assertMayReach(url, allowedNetworks);
    const lookup = publicLookup(allowedNetworks);
    this.socketAgent = agentFor(url, undefined, lookup, (fault) => (this.fault = fault));
    const media = agentFor(url, ca, lookup, () => undefined);
    this.mediaAgent = media;
    this.dispatcher = new Dispatcher({
      connect: ({ hostname, port, protocol, servername }, done) => {
        const secureEndpoint = protocol === 'https:';
        const target = {
          host: hostname,
          port: Number(port) || (secureEndpoint ? 443 : 80),
          secureEndpoint,
          servername: servername ?? hostname,
        };
        media.connect(noRequest(), target).then(
          (socket) => done(null, socket),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
    });
  }
}

/** Agents speak of a request with its events; what Baileys fetches has none that they know. */
const noRequest = () => Object.assign(new EventEmitter(), { destroy: () => undefined }) as unknown as ClientRequest;

function agentFor(
  url: string,
  ca: string | undefined,
  lookup: LookupFunction,
  told: (fault: ProxyFault) => void,
): Agent & { connect: Connect } {
  const agent = url.startsWith('socks5:')
    ? new SocksProxyAgent(url.replace(/^socks5:/, 'socks5h:'), { socketOptions: { lookup } })
    : new HttpsProxyAgent(url, { lookup });
  const connect = agent.connect.bind(agent);
  const watched: Connect = async (request, target) => {
    try {
      return await letThrough(request, () => connect(request, { ...target, ...(ca ? { ca } : {}) }));
    } catch (error) {
      told(error instanceof ProxyError ? error.fault : 'proxy_unreachable');
      throw error;
    }
  };
  return Object.assign(agent, { connect: watched });
}

/** @throws ProxyError */
async function letThrough(request: ClientRequest, connect: () => Promise<Socket>): Promise<Socket> {
  let status = 200;
  request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => (status = statusCode));
  const attempt = connect();
  const silence = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new ProxyError('proxy_unreachable')), DEADLINE_MS);
    const settle = () => clearTimeout(timer);
    attempt.then(settle, settle);
  });
  const socket = await Promise.race([attempt, silence]).catch((cause: unknown) => {
    attempt.then(
      (late) => late.destroy(),
      () => undefined,
    );
    throw cause instanceof ProxyError ? cause : new ProxyError(faultOf(cause), { cause });
  });
  if (status === 200) return socket;
  socket.destroy();
  throw new ProxyError('proxy_refused');
}

/** The answers of a SOCKS server that is there; everything else that goes wrong on the way is a server that is not. */
const REFUSALS = /authenticat|rejected connection|no accepted/i;

const faultOf = (error: unknown): ProxyFault =>
  REFUSALS.test(error instanceof Error ? error.message : '') ? 'proxy_refused' : 'proxy_unreachable';
