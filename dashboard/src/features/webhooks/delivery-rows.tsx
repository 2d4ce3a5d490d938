'use client';
import type { WebhookDeliveryView } from '@wasel/backend/contract';
import { ChevronRight } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { LongList } from '@/ui/long-list';
import { Chip } from '@/ui/states';
import { whyNot } from './words';

/** Of a row that was not drawn yet, in pixels. */
const HEIGHT = 69;

/** @param complete whether there are no older ones */
export default function DeliveryRows({
  deliveries,
  complete,
  open,
}: {
  deliveries: readonly WebhookDeliveryView[];
  complete: boolean;
  open: (id: string) => void;
}) {
  return (
    <LongList items={deliveries} complete={complete} height={HEIGHT} className="grid grid-cols-1 divide-y divide-line">
      {(delivery) => <Row delivery={delivery} open={() => open(delivery.id)} />}
    </LongList>
  );
}

function Row({ delivery, open }: { delivery: WebhookDeliveryView; open: () => void }) {
  const t = useTranslations('webhooks');
  const format = useFormatter();
  const { type, state, created_at: at, last_error: error } = delivery;
  return (
    <button
      type="button"
      className="flex w-full items-center gap-3 px-4 py-3 text-start hover:bg-raised sm:px-6"
      onClick={open}
    >
      <span className="grid min-w-0 grow gap-0.5">
        <span className="flex flex-wrap items-center gap-2 text-sm font-medium wrap-anywhere">
          {t.has(`types.${type}`) ? t(`types.${type}`) : type}
          <Chip>{t(`states.${state}`)}</Chip>
        </span>
        <span className="text-xs leading-5 wrap-anywhere text-quiet">
          <time dateTime={at}>{format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'medium' })}</time>
          {error && state !== 'delivered' ? ` · ${whyNot(t, error)}` : ''}
        </span>
      </span>
      <ChevronRight className="size-4 shrink-0 text-quiet rtl:-scale-x-100" aria-hidden />
    </button>
  );
}
