import { Suspense } from 'react';
import { WebhooksScreen } from '@/features/webhooks/webhooks-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('webhooks.title');

export default function WebhooksPage() {
  return (
    <Suspense>
      <WebhooksScreen />
    </Suspense>
  );
}
