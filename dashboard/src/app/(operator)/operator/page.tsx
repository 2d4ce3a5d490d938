import { OrganizationsScreen } from '@/features/operator/organizations-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('operator.organizations');

export default function OrganizationsPage() {
  return <OrganizationsScreen />;
}
