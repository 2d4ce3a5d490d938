import type { SessionView } from '@wasel/backend/contract';
import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle, QrCode } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { HelpTopic } from '@/features/help/articles';
import { HelpLink } from '@/features/help/help-link';
import { cx } from '@/lib/cx';

const LOOKS = {
  connected: [CircleCheck, 'text-good'],
  connecting: [LoaderCircle, 'text-warn'],
  qr_pending: [QrCode, 'text-accent'],
  disconnected: [CircleDashed, 'text-quiet'],
  error: [CircleAlert, 'text-bad'],
} as const;

/** A number's state by colour, word and icon. */
export function SessionState({ session }: { session: Pick<SessionView, 'state'> }) {
  const t = useTranslations('sessions.states');
  const [Icon, colour] = LOOKS[session.state];
  return (
    <span className={cx('inline-flex items-center gap-1.5 text-sm font-medium whitespace-nowrap', colour)}>
      <Icon aria-hidden className={cx('size-4', session.state === 'connecting' && 'animate-spin')} />
      {t(session.state)}
    </span>
  );
}

/** What the help says of each reason; none where waiting is all there is to do. */
const TOPICS: Readonly<Partial<Record<NonNullable<SessionView['reason']>, HelpTopic>>> = {
  qr_expired: 'troubleshooting#qr-expired',
  pairing_failed: 'troubleshooting#pairing-failed',
  logged_out: 'troubleshooting#logged-out',
  replaced: 'troubleshooting#replaced',
  banned: 'troubleshooting#banned',
  outdated: 'troubleshooting#outdated',
  network: 'troubleshooting#network',
  proxy_unreachable: 'troubleshooting#proxy-unreachable',
  proxy_refused: 'troubleshooting#proxy-refused',
  passkey_required: 'troubleshooting#passkey',
  disabled: 'troubleshooting#disabled',
  keys_unreadable: 'troubleshooting#keys-unreadable',
};

/** Why it is so, and what to do about it. */
export function SessionReason({ session }: { session: Pick<SessionView, 'reason'> }) {
  const t = useTranslations('sessions.reasons');
  return session.reason ? <p className="text-sm leading-6 text-quiet">{t(session.reason)}</p> : null;
}

/** The way to more about the reason than one line. */
export function ReasonHelp({ session }: { session: Pick<SessionView, 'reason'> }) {
  const topic = session.reason && TOPICS[session.reason];
  return topic ? <HelpLink topic={topic} /> : null;
}
