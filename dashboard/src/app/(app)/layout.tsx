import { NextIntlClientProvider } from 'next-intl';
import { Queries } from '@/features/shell/queries';
import { Shell } from '@/features/shell/shell';

export default function AppLayout({ children }: { children: React.ReactNode }) {
  return (
    <NextIntlClientProvider>
      <Queries>
        <Shell>{children}</Shell>
      </Queries>
    </NextIntlClientProvider>
  );
}
