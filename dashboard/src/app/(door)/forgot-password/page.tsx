import { ForgotPasswordForm } from '@/features/account/forgot-password-form';
import { AuthPage } from '@/features/landing/auth-page';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('auth.forgot.title');

export default function ForgotPasswordPage() {
  return (
    <AuthPage>
      <ForgotPasswordForm />
    </AuthPage>
  );
}
