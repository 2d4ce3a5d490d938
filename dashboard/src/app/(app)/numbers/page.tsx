import { Suspense } from 'react';
import { SessionsScreen } from '@/features/sessions/sessions-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('shell.numbers');

export default function NumbersPage() {
  return (
    <Suspense>
      <SessionsScreen />
    </Suspense>
  );
}
