import { BroadcastsScreen } from '@/features/broadcasts/broadcasts-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('broadcasts.title');

export default BroadcastsScreen;
