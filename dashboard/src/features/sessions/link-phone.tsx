'use client';
import type { SessionView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { configQuery } from '@/features/account/account.api';
import { Button, buttonClass } from '@/ui/button';
import { Skeleton } from '@/ui/states';
import { ReasonHelp } from './session-state';
import { linkQuery, useConnect } from './sessions.api';

/** The QR or pairing code of a number that is being linked, live, with what to do on the phone. */
export default function LinkPhone({ session }: { session: SessionView }) {
  const t = useTranslations('sessions.link');
  const { data: link } = useQuery(linkQuery(session.id));
  const { data: config } = useQuery(configQuery());
  const connect = useConnect();

  if (session.state === 'connected') return <Done />;
  if (session.state === 'disconnected' && session.reason !== null) {
    return (
      <div className="grid place-items-center gap-4 py-6 text-center">
        <p className="text-sm text-quiet">{t('stopped')}</p>
        <ReasonHelp session={session} />
        <Button busy={connect.isPending} onClick={() => connect.mutate(session.id)}>
          {t('again')}
        </Button>
      </div>
    );
  }
  return (
    <div className="grid gap-5">
      <ol className="list-decimal ps-5 text-sm leading-7 text-ink marker:text-quiet">
        <li>{t('step1')}</li>
        <li>{t('step2')}</li>
        <li>{link?.pairing_code ? t('step3code') : t('step3')}</li>
      </ol>
      <div className="grid place-items-center gap-3">
        {link?.pairing_code ? (
          <bdi dir="ltr" className="rounded-xl bg-raised px-5 py-4 font-mono text-2xl tracking-[0.2em] sm:text-3xl">
            {link.pairing_code.slice(0, 4)}-{link.pairing_code.slice(4)}
          </bdi>
        ) : link?.qr_image ? (
          // oxlint-disable-next-line nextjs/no-img-element -- a data URL has nothing to optimise
          <img
            src={link.qr_image}
            alt={t('alt')}
            width={256}
            height={256}
            className="rounded-xl border border-line bg-white p-2"
          />
        ) : (
          <Skeleton className="size-64" />
        )}
        {link?.qr_expires_at ? <Countdown until={link.qr_expires_at} /> : null}
        {config?.sandbox && link?.qr ? (
          <a
            className={buttonClass('plain')}
            href={`${config.sandbox.phones_url}/?scan=${encodeURIComponent(link.qr)}`}
            target="_blank"
            rel="noreferrer"
          >
            {t('virtual')}
          </a>
        ) : null}
      </div>
    </div>
  );
}

function Done() {
  const t = useTranslations('sessions.link');
  return (
    <div role="status" className="grid justify-items-center gap-3 py-8 text-center">
      <CircleCheck className="size-10 text-good" aria-hidden />
      <p className="font-medium">{t('done')}</p>
    </div>
  );
}

function Countdown({ until }: { until: string }) {
  const t = useTranslations('sessions.link');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((new Date(until).getTime() - now) / 1000));
  return <p className="text-sm text-quiet tabular-nums">{t('expires', { seconds })}</p>;
}
