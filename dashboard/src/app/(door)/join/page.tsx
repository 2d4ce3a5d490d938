import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { JoinScreen } from '@/features/join/join-screen';
import { AuthPage } from '@/features/landing/auth-page';

/** A link for one person is no page for a search engine. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('join'))('title'), robots: { index: false } };
}

export default function JoinPage() {
  return (
    <AuthPage>
      <JoinScreen />
    </AuthPage>
  );
}
