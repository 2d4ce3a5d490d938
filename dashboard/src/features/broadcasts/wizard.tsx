'use client';
import { spintaxFaultOf, parseSpintax } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight, Check } from 'lucide-react';
import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { groupQuery } from '@/features/groups/groups.api';
import { jidIn } from '@/features/groups/groups.links';
import { cx } from '@/lib/cx';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { Skeleton } from '@/ui/states';
import { AudienceStep } from './audience-step';
import { ContentStep } from './content-step';
import { audienceOf, contentOf, type Draft } from './draft.rules';
import { PreviewStep } from './preview-step';
import { type SetDraft, useBroadcastDraft } from './use-draft';

const STEPS = ['audience', 'content', 'preview'] as const;
type Step = (typeof STEPS)[number];

/** The first step that something is missing in; what is behind it cannot be seen yet. */
function firstOpen(draft: Draft): number {
  if (!audienceOf(draft)) return 0;
  const sayable = draft.kind === 'template' || spintaxFaultOf(parseSpintax(draft.text)) === null || draft.text === '';
  return contentOf(draft) && sayable ? 2 : 1;
}

/** Which step is seen stands in the address, so that the way back leads one step back. */
export default function Wizard() {
  const path = usePathname();
  const asked = useSearchParams().get('step');
  const [draft, set, clear] = useBroadcastDraft();
  useGroupOfAddress(draft, set);
  if (!draft) return <Skeleton className="h-96 rounded-card" />;
  const open = firstOpen(draft);
  const at = Math.min(Math.max(STEPS.indexOf(asked as Step), 0), open);
  const step = STEPS[at] ?? 'audience';
  function go(to: number): void {
    history.pushState(null, '', `${path}?step=${STEPS[to] ?? 'audience'}`);
    document.querySelector('main')?.scrollTo({ top: 0 });
  }
  return (
    <>
      <Stepper at={at} open={open} go={go} />
      {step === 'audience' ? <AudienceStep draft={draft} set={set} /> : null}
      {step === 'content' ? <ContentStep draft={draft} set={set} /> : null}
      {step === 'preview' ? <PreviewStep draft={draft} set={set} clear={clear} /> : null}
      <Ways at={at} open={open} go={go} clear={clear} />
    </>
  );
}

/** `?group=` begins with the people of a group; what was begun before stays. */
function useGroupOfAddress(draft: Draft | null, set: SetDraft): void {
  const asked = useSearchParams().get('group');
  const path = usePathname();
  const { data: group } = useQuery({ ...groupQuery(jidIn(asked ?? '')), enabled: asked !== null });
  const ready = draft !== null;
  useEffect(() => {
    if (!ready || !group || asked === null) return;
    const { jid, subject } = group;
    set(({ groups }) => ({ groups: [...groups.filter((one) => one.jid !== jid), { jid, subject }] }));
    history.replaceState(null, '', path);
  }, [ready, group, asked, set, path]);
}

function Stepper({ at, open, go }: { at: number; open: number; go: (to: number) => void }) {
  const t = useTranslations('broadcasts.steps');
  return (
    <nav aria-label={t('label')}>
      <ol className="grid grid-cols-3 gap-2">
        {STEPS.map((step, n) => (
          <li key={step}>
            <button
              type="button"
              disabled={n > open}
              aria-current={n === at ? 'step' : undefined}
              className={cx(
                'flex min-h-11 w-full items-center gap-2 border-t-2 pt-2 text-start text-sm transition',
                n <= at ? 'border-accent' : 'border-line',
                n === at ? 'font-semibold text-ink' : 'text-quiet enabled:cursor-pointer enabled:hover:text-ink',
              )}
              onClick={() => go(n)}
            >
              <span
                aria-hidden
                className={cx(
                  'grid size-6 shrink-0 place-items-center rounded-full text-xs',
                  n <= at ? 'bg-accent text-accent-ink' : 'bg-raised',
                )}
              >
                {n < at ? <Check className="size-3.5" /> : n + 1}
              </span>
              <span className="min-w-0 truncate">{t(step)}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Ways({ at, open, go, clear }: { at: number; open: number; go: (to: number) => void; clear: () => void }) {
  const t = useTranslations('broadcasts.steps');
  const last = at === STEPS.length - 1;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {at > 0 ? (
          <Button look="plain" onClick={() => go(at - 1)}>
            <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('back')}
          </Button>
        ) : null}
        {last ? null : (
          <Button disabled={open <= at} aria-describedby="missing" onClick={() => go(at + 1)}>
            {t('next')} <ArrowRight className="size-4 rtl:-scale-x-100" aria-hidden />
          </Button>
        )}
        <span className="ms-auto">
          <EndButton
            label={t('clear')}
            cancel={t('back')}
            title={t('confirmClear.title')}
            text={t('confirmClear.text')}
            work={{ isPending: false, reset: () => undefined }}
            fault={undefined}
            run={() => {
              clear();
              go(0);
              return Promise.resolve();
            }}
          />
        </span>
      </div>
      <p id="missing" className="text-sm text-quiet">
        {!last && open <= at ? t(`missing.${STEPS[at] ?? 'audience'}`) : ''}
      </p>
    </div>
  );
}
