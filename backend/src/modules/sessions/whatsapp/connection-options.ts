import type { Clock } from '../../../kernel/clock.ts';
import type { SessionKeysRepository } from '../session-keys.repository.ts';
import type { GroupActions } from '../session-group-commands.ts';
import type { GroupTraffic } from '../session-groups.ts';
import type { Lease, SessionTraffic } from '../session-traffic.ts';
import type { AdapterLog } from './baileys-logger.ts';
import type { IncomingCall } from './calls.ts';
import type { Endpoint } from './endpoint.ts';
import type { ProxyFault } from './proxy.ts';
import type { Restrictions } from './restrictions.ts';

/** The account that a session is linked to, as WhatsApp names it. */
export type LinkedAccount = Readonly<{
  jid: string;
  lid: string | null;
  phone: string | null;
  pushName: string | null;
}>;

/** What the supervisor hears of a connection. Called synchronously, in order; `closed` is last and called once. */
export type ConnectionListener = Readonly<{
  qr: (qr: string, expiresAt: Date) => void;
  pairingCode: (code: string) => void;
  /** The phone accepted; the server asks for a restart next. */
  linked: (account: LinkedAccount) => void;
  opened: (account: LinkedAccount) => void;
  /** WhatsApp links it only with a passkey, which we cannot show. */
  passkeyWanted: () => void;
  /** WhatsApp said what chats it may begin. */
  restricted: (restrictions: Restrictions) => void;
  /** Somebody calls the number, now. */
  called: (call: IncomingCall) => void;
  /** Something came in on the socket. */
  heard: () => void;
  /** @param code as Baileys' DisconnectReason, 0 when we closed @param error why we gave up, when it was us
   * @param proxyFault why the proxy did not let us through */
  closed: (code: number, error: Error | null, proxyFault: ProxyFault | null) => void;
}>;

/** What a number lets others see, as a person decided. */
export type Behaviour = Readonly<{ markOnline: boolean; readReceipts: boolean; importHistory: boolean }>;

export type ConnectionOptions = Readonly<{
  lease: Lease;
  endpoint: Endpoint;
  keys: SessionKeysRepository;
  traffic: SessionTraffic;
  groups: GroupTraffic;
  groupActions: GroupActions;
  /** The only way out, with its password; null: none is needed. */
  proxy: string | null;
  /** Private networks that a proxy may be in. */
  allowedNetworks: readonly string[];
  clock: Clock;
  log: AdapterLog;
  deviceName: string;
  /** Link by a code for this number (E.164) instead of a QR code. */
  pairingPhone: string | null;
  /** As it is decided now. */
  behaviour: () => Behaviour;
  mayAct: () => boolean;
  listener: ConnectionListener;
}>;
