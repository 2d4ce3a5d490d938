'use client';
import { useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { configQuery } from '@/features/account/account.api';
import { cx } from '@/lib/cx';
import { buttonClass, IconButton } from '@/ui/button';
import { Card } from '@/ui/states';
import type { Step, StepName } from './onboarding.rules';
import { Link } from '@/ui/link';

const LINKS: Readonly<Record<StepName, string>> = {
  organization: '/settings',
  number: '/numbers?add',
  message: '/inbox?new',
  answer: '/inbox',
};

/** The steps to the first conversation, each as far as it really is. */
export function Onboarding({ steps, dismiss }: { steps: readonly Step[]; dismiss: () => void }) {
  const t = useTranslations('onboarding');
  const done = steps.filter(({ status }) => status === 'done').length;
  return (
    <Card className="grid gap-4" aria-labelledby="onboarding">
      <header className="flex items-start justify-between gap-3">
        <div className="grid gap-1">
          <h2 id="onboarding" className="font-semibold">
            {t('title')}
          </h2>
          <p className="text-sm text-quiet">{t('progress', { done, total: steps.length })}</p>
        </div>
        <IconButton look="ghost" label={t('dismiss')} className="-me-2 -mt-2" onClick={dismiss}>
          <X className="size-5" aria-hidden />
        </IconButton>
      </header>
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
        <div className="h-full rounded-full bg-accent" style={{ inlineSize: `${(100 * done) / steps.length}%` }} />
      </div>
      <ol className="-mx-3 -mb-3 grid gap-1">
        {steps.map((step, index) => (
          <StepRow key={step.name} step={step} position={index + 1} />
        ))}
      </ol>
    </Card>
  );
}

function StepRow({ step: { name, status }, position }: { step: Step; position: number }) {
  const t = useTranslations('onboarding');
  const done = status === 'done';
  return (
    <li
      aria-current={status === 'current' ? 'step' : undefined}
      className={cx(
        'flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg p-3',
        status === 'current' && 'bg-accent-soft',
      )}
    >
      <span
        className={cx(
          'grid size-7 shrink-0 place-items-center rounded-full border text-xs font-semibold',
          done && 'border-accent bg-accent text-accent-ink',
          status === 'current' && 'border-accent bg-surface text-accent',
          !done && status !== 'current' && 'border-edge text-quiet',
        )}
      >
        {done ? <Check className="size-4" aria-hidden /> : position}
        {done ? <span className="sr-only">{t('done')}</span> : null}
      </span>
      <div className="min-w-0 flex-1 basis-40">
        <h3 className={cx('text-sm font-medium', done && 'text-quiet')}>{t(`${name}.title`)}</h3>
        {done ? null : <p className="text-sm leading-6 text-quiet">{t(`${name}.text`)}</p>}
      </div>
      {done ? null : <StepLink name={name} status={status} />}
    </li>
  );
}

function StepLink({ name, status }: { name: StepName; status: Step['status'] }) {
  const t = useTranslations('onboarding');
  const { data: config } = useQuery(configQuery());
  const look = buttonClass(status === 'current' ? 'primary' : 'ghost', 'max-sm:ms-11');
  if (name === 'answer' && status === 'current' && config?.sandbox) {
    return (
      <a href={config.sandbox.phones_url} target="_blank" rel="noreferrer" className={look}>
        {t('answer.virtual')}
      </a>
    );
  }
  return (
    <Link href={LINKS[name]} className={look}>
      {t(`${name}.action`)}
    </Link>
  );
}
