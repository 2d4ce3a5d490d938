import { BlockList, isIP } from 'node:net';
import { AddressNotAllowed } from './public-fetch.errors.ts';

/** Where nobody's server is: this host without a name, and what answers to neighbours on the wire, as a cloud's metadata. */
const NOBODY = new BlockList();
NOBODY.addSubnet('0.0.0.0', 8);
NOBODY.addSubnet('169.254.0.0', 16);
NOBODY.addAddress('::', 'ipv6');
NOBODY.addSubnet('fe80::', 10, 'ipv6');

/**
 * Every address that a person gives us to connect to passes here: when it is written down, and each time before it is
 * connected to. Names are not looked up here.
 * @throws AddressNotAllowed
 */
export function assertMayReach(address: string): void {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  if (version !== 0 && NOBODY.check(host, version === 6 ? 'ipv6' : 'ipv4')) throw new AddressNotAllowed();
}
