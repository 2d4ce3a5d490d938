'use client';
import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { faultIn, sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import { ErrorState, SkeletonRows } from '@/ui/states';
import { Code, Try } from './tries';
import { deliveryQuery, useReplay } from './webhooks.api';

/** The request, every try and its answer. */
export default function DeliveryDialog({ id, leave }: { id: string; leave: () => void }) {
  const t = useTranslations('webhooks');
  const format = useFormatter();
  const delivery = useQuery(deliveryQuery(id));
  const replay = useReplay();
  const at = (time: string): string => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'medium' });
  const { data } = delivery;
  const title = data && t.has(`types.${data.type}`) ? t(`types.${data.type}`) : t('deliveries.one');
  return (
    <Dialog title={title} close={t('close')} open onOpenChange={leave}>
      {delivery.isPending ? <SkeletonRows rows={3} /> : null}
      {delivery.isError && !data ? (
        <ErrorState
          text={sayOf(delivery.error, t('failed'))}
          again={t('retry')}
          retry={() => void delivery.refetch()}
        />
      ) : null}
      {data ? (
        <div className="grid grid-cols-1 gap-4">
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm leading-6">
            <dt className="text-quiet">{t('deliveries.state')}</dt>
            <dd>{t(`states.${data.state}`)}</dd>
            <dt className="text-quiet">{t('deliveries.endpoint')}</dt>
            <dd className="wrap-anywhere">
              <bdi dir="ltr">{data.url}</bdi>
            </dd>
            <dt className="text-quiet">{t('deliveries.event')}</dt>
            <dd className="font-mono text-xs leading-6 wrap-anywhere">
              <bdi dir="ltr">{data.event_id}</bdi>
            </dd>
            <dt className="text-quiet">{t('deliveries.written')}</dt>
            <dd>{at(data.created_at)}</dd>
            {data.next_attempt_at ? (
              <>
                <dt className="text-quiet">{t('deliveries.next')}</dt>
                <dd>{at(data.next_attempt_at)}</dd>
              </>
            ) : null}
          </dl>
          {data.state === 'waiting' || data.type === 'webhook.test' ? null : (
            <Button
              look="plain"
              className="justify-self-start"
              busy={replay.isPending}
              onClick={() => replay.mutate(id)}
            >
              <RotateCcw className="size-4" aria-hidden /> {t('deliveries.replay')}
            </Button>
          )}
          {replay.error ? <FormFault>{faultIn(t, replay.error)}</FormFault> : null}
          <h3 className="text-sm font-semibold">{t('deliveries.tries')}</h3>
          {data.tries.length === 0 ? <p className="text-sm text-quiet">{t('deliveries.untried')}</p> : null}
          <ul className="grid grid-cols-1 gap-3">
            {data.tries.map((tried) => (
              <li key={tried.id}>
                <Try tried={tried} />
              </li>
            ))}
          </ul>
          <h3 className="text-sm font-semibold">{t('deliveries.request')}</h3>
          <Code label={t('deliveries.request')} text={requestOf(data)} />
        </div>
      ) : null}
    </Dialog>
  );
}

/** As it went over the wire the last time, the body laid out to be read. */
function requestOf({ tries: [last], body }: { tries: readonly { headers: Record<string, string> }[]; body: string }) {
  const headers = Object.entries(last?.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return [...headers, '', JSON.stringify(JSON.parse(body), null, 2)].join('\n').trim();
}
