import { Suspense } from 'react';
import { ApiKeysScreen } from '@/features/api-keys/api-keys-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('apiKeys.title');

export default function ApiKeysPage() {
  return (
    <Suspense>
      <ApiKeysScreen />
    </Suspense>
  );
}
