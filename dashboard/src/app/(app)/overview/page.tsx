import { OverviewScreen } from '@/features/overview/overview-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('shell.overview');

export default function OverviewPage() {
  return <OverviewScreen />;
}
