import { SessionsScreen } from '@/features/sessions/sessions-screen';

export default function NumbersPage() {
  return <SessionsScreen />;
}
