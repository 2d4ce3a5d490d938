import { Suspense } from 'react';
import { InboxScreen } from '@/features/inbox/inbox-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('shell.inbox');

export default function InboxPage() {
  return (
    <Suspense>
      <InboxScreen />
    </Suspense>
  );
}
