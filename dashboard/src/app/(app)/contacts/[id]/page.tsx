import { ContactScreen } from '@/features/contacts/contact-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('contacts.title');

export default async function ContactPage({ params }: { params: Promise<{ id: string }> }) {
  return <ContactScreen id={(await params).id} />;
}
