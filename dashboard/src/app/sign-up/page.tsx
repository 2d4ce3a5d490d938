import { AuthForm } from '@/features/account/auth-form';
import { AuthPage } from '@/features/landing/auth-page';

export default function SignUpPage() {
  return (
    <AuthPage>
      <AuthForm kind="sign-up" />
    </AuthPage>
  );
}
