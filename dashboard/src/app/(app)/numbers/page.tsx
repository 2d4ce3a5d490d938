import { Suspense } from 'react';
import { SessionsScreen } from '@/features/sessions/sessions-screen';

export default function NumbersPage() {
  return (
    <Suspense>
      <SessionsScreen />
    </Suspense>
  );
}
