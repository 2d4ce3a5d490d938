import { ContactsScreen } from '@/features/contacts/contacts-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('contacts.title');

export default ContactsScreen;
