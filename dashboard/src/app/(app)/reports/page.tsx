import { Suspense } from 'react';
import { ReportScreen } from '@/features/reports/report-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('reports.title');

export default function ReportPage() {
  return (
    <Suspense>
      <ReportScreen />
    </Suspense>
  );
}
