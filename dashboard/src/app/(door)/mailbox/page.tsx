import { MailboxScreen } from '@/features/mailbox/mailbox-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('mailbox.title');

export default function MailboxPage() {
  return <MailboxScreen />;
}
