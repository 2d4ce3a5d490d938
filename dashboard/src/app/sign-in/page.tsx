import { AuthForm } from '@/features/account/auth-form';
import { AuthPage } from '@/features/landing/auth-page';

export default function SignInPage() {
  return (
    <AuthPage>
      <AuthForm kind="sign-in" />
    </AuthPage>
  );
}
