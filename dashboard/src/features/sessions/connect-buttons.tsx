'use client';
import type { SessionView } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { useConnect, useDisconnect } from './sessions.api';

/** What can be done next with a number's connection. `link` shows the QR code when one has to be scanned. */
export function ConnectButtons({ session, link }: { session: SessionView; link: () => void }) {
  const t = useTranslations('sessions');
  const [connect, disconnect] = [useConnect(), useDisconnect()];
  const error = connect.error ?? disconnect.error;
  return (
    <>
      {session.state === 'qr_pending' ? <Button onClick={link}>{t('showQr')}</Button> : null}
      {session.enabled && (session.state === 'disconnected' || session.state === 'error') ? (
        <Button
          busy={connect.isPending}
          onClick={() =>
            connect.mutate(session.id, { onSuccess: ({ session: now }) => (now.phone_number ? undefined : link()) })
          }
        >
          {t('connect')}
        </Button>
      ) : null}
      {session.state === 'connected' ? (
        <Button look="plain" busy={disconnect.isPending} onClick={() => disconnect.mutate(session.id)}>
          {t('disconnect')}
        </Button>
      ) : null}
      {error ? (
        <p role="alert" className="max-w-80 basis-full text-sm leading-6 text-bad">
          {sayOf(error, t('failed'))}
        </p>
      ) : null}
    </>
  );
}
