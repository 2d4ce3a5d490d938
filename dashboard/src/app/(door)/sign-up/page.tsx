import { AuthForm } from '@/features/account/auth-form';
import { AuthPage } from '@/features/landing/auth-page';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('auth.sign-up.title');

export default function SignUpPage() {
  return (
    <AuthPage>
      <AuthForm kind="sign-up" />
    </AuthPage>
  );
}
