import { OrganizationScreen } from '@/features/operator/organization-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('operator.organization');

export default async function OrganizationPage({ params }: { params: Promise<{ id: string }> }) {
  return <OrganizationScreen id={(await params).id} />;
}
