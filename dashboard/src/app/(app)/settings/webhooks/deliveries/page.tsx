import { Suspense } from 'react';
import { DeliveriesScreen } from '@/features/webhooks/deliveries-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('webhooks.deliveries.title');

export default function WebhookDeliveriesPage() {
  return (
    <Suspense>
      <DeliveriesScreen />
    </Suspense>
  );
}
