import { MembersScreen } from '@/features/members/members-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('members.title');

export default function MembersPage() {
  return <MembersScreen />;
}
