import { GroupsScreen } from '@/features/groups/groups-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('groups.title');

export default GroupsScreen;
