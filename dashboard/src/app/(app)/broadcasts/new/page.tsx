import { WizardScreen } from '@/features/broadcasts/wizard-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('broadcasts.new');

export default WizardScreen;
