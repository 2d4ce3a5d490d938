import { ArrowRight, Clock, Code, FileWarning, Inbox, KeyRound, Languages, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { buttonClass } from '@/ui/button';
import { Preview } from './preview';
import { PROMISES } from './promises';
import { Link } from '@/ui/link';

const WIDTH = 'mx-auto w-full max-w-6xl px-4 sm:px-6';
const HEADING = 'max-w-2xl text-3xl font-semibold tracking-tight text-balance sm:text-4xl';

const STEPS = ['link', 'meet', 'answer'] as const;
const FEATURES = [
  ['inbox', Inbox],
  ['failed', FileWarning],
  ['held', Clock],
  ['sealed', KeyRound],
  ['languages', Languages],
  ['api', Code],
] as const;
const QUESTIONS = ['allowed', 'phone', 'lost', 'data'] as const;

export function Hero() {
  const t = useTranslations('landing');
  return (
    <section className={`${WIDTH} grid justify-items-center gap-6 pt-16 pb-20 text-center sm:pt-24`}>
      <p className="rounded-full border border-line bg-surface px-4 py-1.5 text-sm text-quiet">{t('for')}</p>
      <h1 className="max-w-4xl text-4xl leading-[1.1] font-semibold tracking-tight text-balance sm:text-6xl">
        {t('title')}
      </h1>
      <p className="max-w-2xl text-lg leading-8 text-balance text-quiet">{t('lead')}</p>
      <div className="flex flex-wrap justify-center gap-3">
        <Start label={t('start')} />
        <a href="#how" className={buttonClass('plain', 'min-h-12 px-6 text-base')}>
          {t('see')}
        </a>
      </div>
      <p className="text-sm text-quiet">{t('easy')}</p>
      <div className="mt-8 w-full max-w-4xl">
        <Preview />
      </div>
    </section>
  );
}

const Start = ({ label }: { label: string }) => (
  <Link href="/sign-up" className={buttonClass('primary', 'min-h-12 px-6 text-base')}>
    {label} <ArrowRight className="size-4 rtl:-scale-x-100" aria-hidden />
  </Link>
);

export function Promises() {
  const t = useTranslations('landing');
  return (
    <section className="border-y border-line bg-surface">
      <div className={`${WIDTH} grid gap-10 py-16 md:grid-cols-3`}>
        {PROMISES.map(([name, Icon]) => (
          <div key={name} className="grid content-start gap-3">
            <span aria-hidden className="grid size-11 place-items-center rounded-xl bg-accent-soft text-accent">
              <Icon className="size-5" />
            </span>
            <h2 className="text-lg font-semibold">{t(`${name}.title`)}</h2>
            <p className="leading-7 text-quiet">{t(`${name}.text`)}</p>
          </div>
        ))}
      </div>
    </section>
  );
}

export function Steps() {
  const t = useTranslations('landing.how');
  return (
    <section id="how" className={`${WIDTH} grid scroll-mt-16 gap-10 py-20`}>
      <h2 className={HEADING}>{t('title')}</h2>
      <ol className="grid gap-6 md:grid-cols-3">
        {STEPS.map((step, index) => (
          <li
            key={step}
            className="grid content-start gap-3 rounded-card border border-line bg-surface p-6 shadow-card"
          >
            <span aria-hidden className="text-sm font-semibold text-accent">
              {index + 1}
            </span>
            <h3 className="font-semibold">{t(`${step}.title`)}</h3>
            <p className="text-sm leading-6 text-quiet">{t(`${step}.text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Features() {
  const t = useTranslations('landing.features');
  return (
    <section id="features" className="scroll-mt-16 border-y border-line bg-surface">
      <div className={`${WIDTH} grid gap-10 py-20`}>
        <h2 className={HEADING}>{t('title')}</h2>
        <ul className="grid gap-x-10 gap-y-9 sm:grid-cols-2 lg:grid-cols-3">
          {FEATURES.map(([name, Icon]) => (
            <li key={name} className="flex gap-4">
              <Icon className="mt-0.5 size-5 shrink-0 text-accent" aria-hidden />
              <div className="grid content-start gap-1.5">
                <h3 className="font-medium">{t(`${name}.title`)}</h3>
                <p className="text-sm leading-6 text-quiet">{t(`${name}.text`)}</p>
              </div>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

export function Questions() {
  const t = useTranslations('landing.questions');
  return (
    <section id="questions" className={`${WIDTH} grid scroll-mt-16 gap-8 py-20 lg:grid-cols-[1fr_2fr]`}>
      <h2 className={HEADING}>{t('title')}</h2>
      <div className="divide-y divide-line border-y border-line">
        {QUESTIONS.map((question) => (
          <details key={question} className="group">
            <summary className="flex min-h-14 list-none items-center justify-between gap-4 py-3 font-medium [&::-webkit-details-marker]:hidden">
              {t(`${question}.title`)}
              <Plus className="size-5 shrink-0 text-quiet transition group-open:rotate-45" aria-hidden />
            </summary>
            <p className="max-w-2xl pb-5 leading-7 text-quiet">{t(`${question}.text`)}</p>
          </details>
        ))}
      </div>
    </section>
  );
}

export function Closing() {
  const t = useTranslations('landing');
  return (
    <section className={`${WIDTH} pb-20`}>
      <div className="grid justify-items-center gap-5 rounded-2xl border border-line bg-accent-soft px-6 py-14 text-center">
        <h2 className={HEADING}>{t('closing.title')}</h2>
        <p className="max-w-xl leading-7">{t('closing.text')}</p>
        <Start label={t('closing.action')} />
      </div>
    </section>
  );
}
