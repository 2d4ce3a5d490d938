import { GroupScreen } from '@/features/groups/group-screen';
import { jidIn } from '@/features/groups/groups.links';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('groups.title');

export default async function GroupPage({ params }: { params: Promise<{ jid: string }> }) {
  return <GroupScreen jid={jidIn((await params).jid)} />;
}
