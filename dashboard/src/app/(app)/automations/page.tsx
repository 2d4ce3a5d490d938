import { AutomationsScreen } from '@/features/automations/automations-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('automations.title');

export default AutomationsScreen;
