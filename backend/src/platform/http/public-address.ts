import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AddressNotAllowed } from './public-fetch.errors.ts';

/** All of IPv6 that is assigned to the internet so far. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');

/**
 * True for an address of the public internet. Of IPv6 what carries an IPv4 address within (mapped, 6to4, NAT64, Teredo) is
 * none: who would need it has the other.
 * @param allowedNetworks networks (`10.1.0.0/16`) that an operator opens although they are not public
 */
export function isPublic(address: string, allowedNetworks: readonly string[] = []): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const allowed = allowedNetworks.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network);
    return base.kind() === parsed.kind() && parsed.match(base, bits);
  });
  if (allowed) return true;
  if (ipaddr.parse(address).kind() === 'ipv4') return parsed.range() === 'unicast';
  return parsed.kind() === 'ipv6' && parsed.range() === 'unicast' && parsed.match(GLOBAL_UNICAST, 3);
}

/**
 * Every address that a person gives us to connect to passes here: when it is written down, and each time before it is
 * connected to. A name passes; where it leads is looked at as it is connected to (`publicLookup`, `PublicFetch`).
 * @throws AddressNotAllowed
 */
export function assertMayReach(address: string, allowedNetworks: readonly string[]): void {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host, allowedNetworks)) throw new AddressNotAllowed();
}

/** For a socket: finds a name's addresses, and fails with AddressNotAllowed when one of them is not public. */
export const publicLookup =
  (allowedNetworks: readonly string[]): LookupFunction =>
  (host, options, answer) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error || !first) return answer(error ?? new Error(`${host} has no address`), '');
      if (!found.every(({ address }) => isPublic(address, allowedNetworks))) return answer(new AddressNotAllowed(), '');
      if (options.all === true) answer(null, found);
      else answer(null, first.address, first.family);
    });
