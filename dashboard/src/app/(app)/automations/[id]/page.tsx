import { AutomationScreen } from '@/features/automations/automation-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('automations.title');

export default async function AutomationPage({ params }: { params: Promise<{ id: string }> }) {
  return <AutomationScreen id={(await params).id} />;
}
