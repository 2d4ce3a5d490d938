import { SessionDetail } from '@/features/sessions/session-detail';

export default async function NumberPage({ params }: { params: Promise<{ id: string }> }) {
  return <SessionDetail id={(await params).id} />;
}
