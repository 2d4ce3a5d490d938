import { ConfirmEmailForm } from '@/features/account/confirm-email-form';
import { AuthPage } from '@/features/landing/auth-page';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('auth.confirmEmail.title');

export default function ConfirmEmailPage() {
  return (
    <AuthPage>
      <ConfirmEmailForm />
    </AuthPage>
  );
}
