import Link from 'next/link';
import { LanguageSelect } from '@/features/shell/preferences';
import { Card } from '@/ui/states';

export function AuthPage({ children }: { children: React.ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-6 p-5">
      <div className="flex items-center justify-between">
        <Link href="/" className="text-lg font-semibold tracking-tight text-accent">
          Wasel
        </Link>
        <LanguageSelect />
      </div>
      <Card className="p-7">{children}</Card>
    </main>
  );
}
