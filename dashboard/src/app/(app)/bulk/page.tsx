import { BulkScreen } from '@/features/bulk/bulk-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('bulk.title');

export default BulkScreen;
