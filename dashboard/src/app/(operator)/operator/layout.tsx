import { NextIntlClientProvider } from 'next-intl';
import { OperatorShell } from '@/features/operator/operator-shell';
import { Queries } from '@/features/shell/queries';

export default function OperatorLayout({ children }: { children: React.ReactNode }) {
  return (
    <NextIntlClientProvider>
      <Queries>
        <OperatorShell>{children}</OperatorShell>
      </Queries>
    </NextIntlClientProvider>
  );
}
