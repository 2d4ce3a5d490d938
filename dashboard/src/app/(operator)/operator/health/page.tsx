import { HealthScreen } from '@/features/operator/health-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('operator.health');

export default function HealthPage() {
  return <HealthScreen />;
}
