import type { Metadata, Viewport } from 'next';
import { GeistSans } from 'geist/font/sans';
import { getLocale, getTranslations } from 'next-intl/server';
import { cookies } from 'next/headers';
import type { Language } from '@wasel/backend/contract';
import { DIRECTION, THEME_COOKIE, themeClass } from '@/i18n/languages';
import { Words } from '@/i18n/words';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('landing');
  return { title: { default: `Wasel: ${t('title')}`, template: '%s · Wasel' }, description: t('lead') };
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f8f7' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1311' },
  ],
};

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const locale = (await getLocale()) as Language;
  const theme = themeClass((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang={locale} dir={DIRECTION[locale]} className={`${GeistSans.variable} ${theme}`}>
      <body>
        <Words of={['shell']}>{children}</Words>
      </body>
    </html>
  );
}
