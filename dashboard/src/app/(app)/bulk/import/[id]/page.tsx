import { ImportScreen } from '@/features/bulk/import-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('bulk.title');

export default async function ImportPage({ params }: { params: Promise<{ id: string }> }) {
  return <ImportScreen id={(await params).id} />;
}
