'use client';
import { useTranslations } from 'next-intl';
import { Card } from '@/ui/states';

const SAMPLE = `import express from 'express';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WASEL_WEBHOOK_SECRET); // whsec_…

express()
  .post('/webhooks/wasel', express.raw({ type: 'application/json' }), (request, response) => {
    let event;
    try {
      event = webhook.verify(request.body.toString(), request.headers);
    } catch {
      return response.sendStatus(401);
    }
    response.sendStatus(204); // first answer, then work
    console.log(request.headers['webhook-id'], event.type, event.data);
  })
  .listen(8080);`;

/** How whoever is told makes sure that it was us. */
export default function VerifySample() {
  const t = useTranslations('webhooks.verify');
  return (
    <Card className="grid grid-cols-1 gap-3">
      <h2 className="font-semibold">{t('title')}</h2>
      <p className="text-sm leading-6 text-quiet">{t('text')}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
      <pre dir="ltr" tabIndex={0} className="overflow-x-auto rounded-lg bg-raised p-4 text-xs leading-5">
        <code>{SAMPLE}</code>
      </pre>
      <p className="text-sm leading-6">
        <a className="text-accent underline" href="/api/docs#/Webhooks" target="_blank" rel="noreferrer">
          {t('reference')}
        </a>
      </p>
    </Card>
  );
}
