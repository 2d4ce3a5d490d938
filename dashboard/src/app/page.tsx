import { MessagesSquare, ShieldCheck, Users } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { LanguageSelect } from '@/features/shell/preferences';
import { buttonClass } from '@/ui/button';
import { Card } from '@/ui/states';

const PROMISES = [
  ['truth', MessagesSquare],
  ['reliable', ShieldCheck],
  ['apart', Users],
] as const;

export default function LandingPage() {
  const t = useTranslations('landing');
  return (
    <div className="mx-auto grid max-w-5xl gap-20 px-5 py-6">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <span className="text-lg font-semibold tracking-tight text-accent">Wasel</span>
        <nav className="flex items-center gap-2">
          <LanguageSelect />
          <Link href="/sign-in" className={buttonClass('ghost')}>
            {t('signIn')}
          </Link>
          <Link href="/sign-up" className={buttonClass('primary')}>
            {t('signUp')}
          </Link>
        </nav>
      </header>
      <main className="grid gap-20">
        <section className="grid justify-items-center gap-6 py-10 text-center">
          <h1 className="max-w-3xl text-4xl font-semibold tracking-tight text-balance sm:text-6xl">{t('title')}</h1>
          <p className="max-w-xl text-lg text-quiet">{t('lead')}</p>
          <Link href="/sign-up" className={buttonClass('primary', 'min-h-12 px-6 text-base')}>
            {t('start')}
          </Link>
        </section>
        <section className="grid gap-5 sm:grid-cols-3">
          {PROMISES.map(([name, Icon]) => (
            <Card key={name} className="grid content-start gap-3 p-6">
              <Icon className="size-6 text-accent" aria-hidden />
              <h2 className="font-semibold">{t(`${name}.title`)}</h2>
              <p className="text-sm leading-6 text-quiet">{t(`${name}.text`)}</p>
            </Card>
          ))}
        </section>
      </main>
      <footer className="border-t border-line py-6 text-sm text-quiet">{t('risk')}</footer>
    </div>
  );
}
