import { SettingsScreen } from '@/features/account/settings-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('shell.settings');

export default function SettingsPage() {
  return <SettingsScreen />;
}
