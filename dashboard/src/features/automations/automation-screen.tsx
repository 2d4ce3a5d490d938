'use client';
import type { AutomationView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, FlaskConical } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Card, Chip, ErrorState, SkeletonRows } from '@/ui/states';
import { automationQuery } from './automations.api';
import { Runs } from './runs';
import { useAutomationWords } from './use-automation-words';

const AutomationEditor = lazy(() =>
  import('./automation-editor').then(({ AutomationEditor: one }) => ({ default: one })),
);
const TestForm = lazy(() => import('./test-form').then(({ TestForm: form }) => ({ default: form })));

/** One automation, to be written, tried, and seen at work. */
export function AutomationScreen({ id }: { id: string }) {
  const t = useTranslations('automations');
  const isNew = id === 'new';
  const automation = useQuery({ ...automationQuery(id), enabled: !isNew });
  const { data: membership } = useMembership();
  const manages = membership ? may(membership.role, 'automations:manage') : false;
  const { data } = automation;
  return (
    <Page
      above={
        <Link href="/automations" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
          <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('title')}
        </Link>
      }
      title={isNew ? t('create') : <bdi>{data?.name ?? t('title')}</bdi>}
      action={data && manages ? <TestButton automation={data} /> : null}
    >
      {!isNew && automation.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {automation.isError ? (
        <ErrorState
          text={sayOf(automation.error, t('failed'))}
          again={t('retry')}
          retry={() => void automation.refetch()}
        />
      ) : null}
      <Suspense>
        {isNew && manages ? <AutomationEditor automation={null} /> : null}
        {data && manages ? <AutomationEditor key={data.id} automation={data} /> : null}
      </Suspense>
      {data && !manages ? <Look automation={data} /> : null}
      {data ? <Runs id={data.id} /> : null}
    </Page>
  );
}

function TestButton({ automation }: { automation: AutomationView }) {
  const t = useTranslations('automations');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="plain" onClick={() => setOpen(true)}>
        <FlaskConical className="size-4" aria-hidden /> {t('test.open')}
      </Button>
      <Dialog title={t('test.open')} close={t('close')} open={open} onOpenChange={setOpen}>
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <TestForm automation={automation} />
        </Suspense>
      </Dialog>
    </>
  );
}

function Look({ automation }: { automation: AutomationView }) {
  const t = useTranslations('automations');
  const { eventOf, whenOf } = useAutomationWords();
  return (
    <Card className="grid gap-3 text-sm leading-6">
      <p className="flex flex-wrap gap-2">
        <Chip>{eventOf(automation.event)}</Chip>
        <Chip>{automation.enabled ? t('on') : t('off')}</Chip>
      </p>
      <p className="text-quiet">{whenOf(automation)}</p>
    </Card>
  );
}
