'use client';
import type { AutomationView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Bot, ListChecks, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { HelpLink } from '@/features/help/help-link';
import { faultIn, sayOf } from '@/lib/api';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { FormFault } from '@/ui/field';
import { Link } from '@/ui/link';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, Chip, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { automationsQuery, useUpdateAutomation } from './automations.api';
import { useAutomationWords } from './use-automation-words';

const OptOutWordsForm = lazy(() => import('./opt-out-words').then(({ OptOutWordsForm: form }) => ({ default: form })));

/** What Wasel tells people by itself. */
export function AutomationsScreen() {
  const t = useTranslations('automations');
  const { data: membership } = useMembership();
  const manages = membership ? may(membership.role, 'automations:manage') : false;
  const automations = useInfiniteQuery(automationsQuery());
  const items = automations.data?.pages.flatMap((page) => page.items);
  const create = (
    <Link href="/automations/new" className={buttonClass()}>
      <Plus className="size-4" aria-hidden /> {t('create')}
    </Link>
  );
  return (
    <Page title={t('title')} action={manages ? create : null}>
      <div className="flex flex-wrap items-center gap-3">
        <Link href="/notifications" className={buttonClass('plain')}>
          <ListChecks className="size-4" aria-hidden /> {t('notifications')}
        </Link>
        {manages ? <OptOut /> : null}
        <HelpLink topic="automations#make">{t('help')}</HelpLink>
      </div>
      {automations.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {automations.isError && !items ? (
        <ErrorState
          text={sayOf(automations.error, t('failed'))}
          again={t('retry')}
          retry={() => void automations.refetch()}
        />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('empty.title')} icon={<Bot className="size-6" />}>
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid grid-cols-1 gap-3">
        {items?.map((automation) => (
          <li key={automation.id}>
            <AutomationCard automation={automation} manages={manages} />
          </li>
        ))}
      </ul>
      {automations.hasNextPage ? (
        <LoadMore busy={automations.isFetchingNextPage} load={() => void automations.fetchNextPage()}>
          {t('more')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function AutomationCard({ automation, manages }: { automation: AutomationView; manages: boolean }) {
  const t = useTranslations('automations');
  const { eventOf, whenOf } = useAutomationWords();
  const { id, name, event, enabled, keywords } = automation;
  return (
    <Card className="flex flex-wrap items-center justify-between gap-4">
      <div className="grid min-w-0 gap-1">
        <h2 className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
          <Link href={`/automations/${id}`} className="text-accent hover:underline">
            <bdi>{name}</bdi>
          </Link>
          <Chip>
            <bdi>{eventOf(event)}</bdi>
          </Chip>
        </h2>
        <p className="text-sm leading-6 wrap-anywhere text-quiet">
          {whenOf(automation)}
          {keywords.length > 0 ? (
            <>
              {' · '}
              <bdi>{keywords.join(', ')}</bdi>
            </>
          ) : null}
        </p>
      </div>
      {manages ? <OnOff automation={automation} /> : <Chip>{enabled ? t('on') : t('off')}</Chip>}
    </Card>
  );
}

function OnOff({ automation: { id, name, enabled } }: { automation: AutomationView }) {
  const t = useTranslations('automations');
  const update = useUpdateAutomation();
  const on = update.variables?.enabled ?? enabled;
  return (
    <div className="grid gap-2">
      <label className="flex min-h-10 cursor-pointer items-center gap-2 text-sm">
        <span aria-hidden>{on ? t('on') : t('off')}</span>
        <input
          type="checkbox"
          role="switch"
          aria-checked={on}
          aria-label={t('switchOf', { name })}
          className="size-5 accent-accent"
          checked={on}
          disabled={update.isPending}
          onChange={(event) =>
            update.mutate({ id, enabled: event.target.checked }, { onSuccess: () => update.reset() })
          }
        />
      </label>
      {update.error ? <FormFault>{faultIn(t, update.error)}</FormFault> : null}
    </div>
  );
}

function OptOut() {
  const t = useTranslations('automations');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="plain" onClick={() => setOpen(true)}>
        {t('optOut.title')}
      </Button>
      <Dialog title={t('optOut.title')} close={t('close')} open={open} onOpenChange={setOpen}>
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <OptOutWordsForm done={() => setOpen(false)} />
        </Suspense>
      </Dialog>
    </>
  );
}
