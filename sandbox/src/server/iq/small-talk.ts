/** Requests that need little: pings, telemetry, properties, business data that sandbox accounts do not have. */
import { type BinaryNode, node } from '../../protocol/node.ts';
import { activate } from '../login.ts';
import { cappingOf, restrictionsOf, timelockOf, UNRESTRICTED } from '../restrictions.ts';
import { type IqHandler, UnknownIq } from './iq.ts';

/** `w:p`: keep-alive. */
export const ping: IqHandler = () => [];

/** `passive`: the client says that it is ready for its queue (`active`), or that it is not (`passive`). */
export const passive: IqHandler = ({ context, connection, subject }) => {
  if (subject?.tag === 'active') context.store.afterCommit(() => setImmediate(() => activate(context, connection)));
  return undefined;
};

/** `abt`: server-side switches. None is set, so that clients use their defaults. */
export const properties: IqHandler = () => [
  node('props', { hash: 'sandbox', refresh: '86400', refresh_id: '1', ab_key: 'sandbox' }, []),
];

/** `w:stats`, `urn:xmpp:whatsapp:dirty`, `urn:xmpp:whatsapp:push`, `tos`: taken note of. */
export const noted: IqHandler = () => undefined;

/** `w:m`: where media go. The token only says who uploads. */
export const mediaConnection: IqHandler = ({ context, device }) => [
  node('media_conn', { auth: device.phone, ttl: '3600', auth_ttl: '3600', max_buckets: '12' }, [
    node('host', { hostname: context.mediaHost(), maxContentLengthBytes: '104857600' }),
  ]),
];

/** `w:biz`: no sandbox account is a business. */
export const businessProfile: IqHandler = ({ subject }) => {
  if (subject?.tag !== 'business_profile') throw new UnknownIq();
  return [node('business_profile', {}, [])];
};

/** `bot`: the list of bots, which is empty. */
export const bots: IqHandler = () => [node('bot', {}, [])];

/** Query ids of Baileys' `Types/Mex.js`. */
const REACHOUT_TIMELOCK = '23983697327930364';
const MESSAGE_CAPPING_INFO = '24503548349331633';
const TIMELOCK_MS = 3_600_000;

function graphQlResult(data: object): BinaryNode[] {
  return [node('result', {}, Buffer.from(JSON.stringify({ data })))];
}

/** `w:mex`: GraphQL. Asked for restrictions of the account; the `rate-limit` fault with code 463 is one, too. */
export const graphQl: IqHandler = ({ context, device, subject }) => {
  const known = restrictionsOf(context, device.phone);
  switch (subject?.attrs['query_id'] ?? '') {
    case REACHOUT_TIMELOCK: {
      const limited = context.faults.isLimited(device.phone, 463);
      const restrictions = limited ? { ...UNRESTRICTED, reachOutUntil: Date.now() + TIMELOCK_MS } : known;
      return graphQlResult({ xwa2_fetch_account_reachout_timelock: timelockOf(restrictions) });
    }
    case MESSAGE_CAPPING_INFO:
      return graphQlResult({ xwa2_message_capping_info: cappingOf(known) });
    default:
      throw new UnknownIq();
  }
};
