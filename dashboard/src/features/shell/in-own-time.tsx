'use client';
import { NextIntlClientProvider, useLocale } from 'next-intl';

/** The server knows its own zone only; times are shown in that of who looks. */
export function InOwnTime({ children }: { children: React.ReactNode }) {
  return (
    <NextIntlClientProvider locale={useLocale()} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
      {children}
    </NextIntlClientProvider>
  );
}
