import { LogScreen } from '@/features/operator/log-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('operator.log.title');

export default function LogPage() {
  return <LogScreen />;
}
