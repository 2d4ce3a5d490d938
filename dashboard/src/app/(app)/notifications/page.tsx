import { NotificationsScreen } from '@/features/notifications/notifications-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('notifications.title');

export default NotificationsScreen;
