import { BroadcastScreen } from '@/features/broadcasts/broadcast-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('broadcasts.title');

export default async function BroadcastPage({ params }: { params: Promise<{ id: string }> }) {
  return <BroadcastScreen id={(await params).id} />;
}
