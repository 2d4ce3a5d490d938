import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import proxyAddr from 'proxy-addr';
import type { Config } from '../../config/config.ts';

/**
 * Where a request comes from. Only a trusted proxy is believed, and of what it passes on only what it wrote itself: the header
 * that it always overwrites, where one is named, or else the last address in X-Forwarded-For that is none of ours.
 */
export function clientAddress({ trustedProxies, clientAddressHeader }: Config['http']) {
  const trusts = proxyAddr.compile([...trustedProxies]);
  return (request: IncomingMessage): string => {
    const peer = request.socket.remoteAddress ?? '';
    const given = clientAddressHeader === undefined ? undefined : request.headers[clientAddressHeader];
    if (typeof given === 'string' && isIP(given.trim()) && isIP(peer) && trusts(peer, 0)) return given.trim();
    return isIP(peer) ? proxyAddr(request, trusts) : peer;
  };
}

/** Has `request.ip` say it, whoever asks. */
export function tellClientAddress(http: Config['http']): RequestHandler {
  const addressOf = clientAddress(http);
  return (request, _, next) => {
    Object.defineProperty(request, 'ip', { value: addressOf(request), configurable: true, enumerable: true });
    next();
  };
}
