import { AlertsScreen } from '@/features/alerts/alerts-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('alerts.title');

export default AlertsScreen;
