import { AlertSettingsScreen } from '@/features/alerts/alert-settings-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('alertSettings.title');

export default AlertSettingsScreen;
