import { ResetPasswordForm } from '@/features/account/reset-password-form';
import { AuthPage } from '@/features/landing/auth-page';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('auth.reset.title');

export default function ResetPasswordPage() {
  return (
    <AuthPage>
      <ResetPasswordForm />
    </AuthPage>
  );
}
