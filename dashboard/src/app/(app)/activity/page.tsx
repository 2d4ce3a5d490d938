import { Suspense } from 'react';
import { ActivityScreen } from '@/features/activity/activity-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('shell.activity');

export default function ActivityPage() {
  return (
    <Suspense>
      <ActivityScreen />
    </Suspense>
  );
}
