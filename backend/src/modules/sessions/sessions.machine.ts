import type { SessionReason, SessionState } from './sessions.dto.ts';

/** Reasons that may pass by themselves: it is tried again. */
export type Passing = 'network' | 'server' | ProxyFault;
type ProxyFault = 'proxy_unreachable' | 'proxy_refused';

/** The life of one session between two requests of a person. */
export type State =
  /** At rest: nothing happens until somebody asks. */
  | Readonly<{ name: 'resting'; state: 'disconnected' | 'error'; reason: SessionReason }>
  /** `reason`: why the attempt before failed. */
  | Readonly<{ name: 'connecting'; attempts: number; reason: Passing | null }>
  /** Shows a QR or pairing code. */
  | Readonly<{ name: 'linking' }>
  | Readonly<{ name: 'connected'; attempts: number }>
  | Readonly<{ name: 'waiting'; attempts: number; reason: Passing }>;

export type Event =
  /** A person or a restart of the node wants it connected. */
  | Readonly<{ name: 'start' }>
  | Readonly<{ name: 'rest'; state?: 'disconnected' | 'error'; reason: SessionReason }>
  | Readonly<{ name: 'code-shown' }>
  | Readonly<{ name: 'opened' }>
  /** It has been connected for `STABLE_AFTER_MS`. */
  | Readonly<{ name: 'stayed' }>
  /** What it goes through has changed: it connects anew. */
  | Readonly<{ name: 'reroute' }>
  /** WhatsApp wants to see a passkey before it links. */
  | Readonly<{ name: 'passkey-wanted' }>
  /**
   * @param linked whether the session had an account when its socket closed
   * @param proxyFault why its proxy did not let it through; the code then says nothing of WhatsApp
   */
  | Readonly<{ name: 'closed'; code: number; linked: boolean; autoReconnect: boolean; proxyFault?: ProxyFault | null }>
  | Readonly<{ name: 'retry-due' }>;

export type Effect = Readonly<
  { do: 'open' } | { do: 'close' } | { do: 'forget-keys' } | { do: 'retry'; inMs: number } | { do: 'watch-stability' }
>;
type Step = readonly [State, ...Effect[]];

const CONNECTING = { name: 'connecting', attempts: 0, reason: null } as const;

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;
/** Failures in a row after which it is called an error; it is still tried. */
export const FAILURES_UNTIL_ERROR = 5;
/** Connected for so long, it counts as recovered. */
export const STABLE_AFTER_MS = 60_000;

/** Where WhatsApp says stop. Codes: Baileys' DisconnectReason, whatsmeow's ConnectFailureReason; read November 2026. */
const FINAL: Readonly<Record<number, SessionReason>> = {
  401: 'logged_out',
  402: 'banned',
  403: 'banned',
  405: 'outdated',
  406: 'banned',
  409: 'outdated',
  411: 'outdated',
  440: 'replaced',
};
const RESTART_REQUIRED = 515;
const TIMED_OUT = 408;
const SERVER: ReadonlySet<number> = new Set([500, 501, 503]);

/**
 * One step, without sockets, clocks or dice: the caller carries out the effects.
 *
 *   resting ─start→ connecting ─code-shown→ linking ─opened→ connected ─closed→ waiting ─retry-due→ connecting
 *      ↑                └───────────────── closed for good, rest ──────────────────┘
 *
 * @param jitter in [0, 1): spreads retries, so that a restart of WhatsApp does not bring every number back at once.
 */
export function step(state: State, event: Event, jitter: number): Step {
  switch (event.name) {
    case 'start':
      return state.name === 'resting' || state.name === 'waiting' ? [CONNECTING, { do: 'open' }] : [state];
    case 'reroute':
      return state.name === 'resting' ? [state] : [CONNECTING, { do: 'open' }];
    case 'passkey-wanted':
      return state.name === 'connecting' || state.name === 'linking'
        ? [{ name: 'resting', state: 'error', reason: 'passkey_required' }, { do: 'close' }, { do: 'forget-keys' }]
        : [state];
    case 'rest':
      return [{ name: 'resting', state: event.state ?? 'disconnected', reason: event.reason }, { do: 'close' }];
    case 'code-shown':
      return state.name === 'connecting' || state.name === 'linking' ? [{ name: 'linking' }] : [state];
    case 'opened':
      return [{ name: 'connected', attempts: attemptsOf(state) }, { do: 'watch-stability' }];
    case 'stayed':
      return state.name === 'connected' ? [{ name: 'connected', attempts: 0 }] : [state];
    case 'retry-due':
      return state.name === 'waiting' ? [{ ...state, name: 'connecting' }, { do: 'open' }] : [state];
    case 'closed':
      return closed(state, event, jitter);
    default:
      return event satisfies never;
  }
}

function closed(
  state: State,
  { code, linked, autoReconnect, proxyFault = null }: Extract<Event, { name: 'closed' }>,
  jitter: number,
): Step {
  if (state.name === 'resting' || state.name === 'waiting') return [state];
  const rest = (reason: SessionReason, ...effects: Effect[]): Step => [
    { name: 'resting', state: linked ? 'error' : 'disconnected', reason },
    ...effects,
  ];
  const pass = (reason: Passing): Step => {
    if (!autoReconnect) return rest(reason);
    const attempts = attemptsOf(state) + 1;
    return [
      { name: 'waiting', attempts, reason },
      { do: 'retry', inMs: backoffMs(attempts, jitter) },
    ];
  };
  if (proxyFault) return pass(proxyFault);
  if (code === RESTART_REQUIRED) return [{ ...CONNECTING, attempts: attemptsOf(state) }, { do: 'open' }];
  if (state.name === 'linking')
    return code === TIMED_OUT ? rest('qr_expired') : rest('pairing_failed', { do: 'forget-keys' });
  const final = FINAL[code];
  if (final === 'logged_out') return rest(final, { do: 'forget-keys' });
  if (final) return rest(final);
  return pass(SERVER.has(code) ? 'server' : 'network');
}

const attemptsOf = (state: State): number => ('attempts' in state ? state.attempts : 0);

/** 1 s doubling to 30 s, each shortened by at most half. */
export const backoffMs = (attempts: number, jitter: number): number =>
  Math.round(Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (attempts - 1)) * (1 - jitter / 2));

/** What people see of a state. */
export function viewOf(state: State): { state: SessionState; reason: SessionReason | null; attempts: number } {
  switch (state.name) {
    case 'resting':
      return { state: state.state, reason: state.reason, attempts: 0 };
    case 'linking':
      return { state: 'qr_pending', reason: null, attempts: 0 };
    case 'connected':
      return { state: 'connected', reason: null, attempts: state.attempts };
    case 'connecting':
      return {
        state: stuck(state.attempts) ? 'error' : 'connecting',
        reason: state.reason,
        attempts: state.attempts,
      };
    case 'waiting':
      return { state: stuck(state.attempts) ? 'error' : 'connecting', reason: state.reason, attempts: state.attempts };
    default:
      return state satisfies never;
  }
}

const stuck = (attempts: number): boolean => attempts >= FAILURES_UNTIL_ERROR;
