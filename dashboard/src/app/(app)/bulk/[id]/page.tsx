import { JobScreen } from '@/features/bulk/job-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('bulk.title');

export default async function JobPage({ params }: { params: Promise<{ id: string }> }) {
  return <JobScreen id={(await params).id} />;
}
