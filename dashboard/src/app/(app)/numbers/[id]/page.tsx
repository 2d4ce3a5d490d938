import { SessionDetail } from '@/features/sessions/session-detail';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('shell.numbers');

export default async function NumberPage({ params }: { params: Promise<{ id: string }> }) {
  return <SessionDetail id={(await params).id} />;
}
