import { TemplatesScreen } from '@/features/templates/templates-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('templates.title');

export default TemplatesScreen;
