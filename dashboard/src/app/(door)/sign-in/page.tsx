import { AuthForm } from '@/features/account/auth-form';
import { AuthPage } from '@/features/landing/auth-page';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('auth.sign-in.submit');

export default function SignInPage() {
  return (
    <AuthPage>
      <AuthForm kind="sign-in" />
    </AuthPage>
  );
}
