'use client';
import type { WebhookEndpointWithSecret } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { ListChecks, Plus, Webhook } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { SettingsLink } from '@/features/account/settings-link';
import { sayOf } from '@/lib/api';
import { useAsked } from '@/lib/use-asked';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { EndpointCard } from './endpoint-card';
import { endpointsQuery, useCreateEndpoint } from './webhooks.api';

// Shown when somebody asks, or below what people come for.
const EndpointForm = lazy(() => import('./endpoint-form'));
const SecretOnce = lazy(() => import('./secret-once'));
const VerifySample = lazy(() => import('./verify-sample'));

/** The servers that are told what happens. */
export function WebhooksScreen() {
  const t = useTranslations('webhooks');
  const { data: membership } = useMembership();
  if (membership && may(membership.role, 'webhooks:manage')) return <Endpoints />;
  return (
    <Page above={<SettingsLink>{t('back')}</SettingsLink>} title={t('title')}>
      <Card>
        {membership ? (
          <EmptyState title={t('notAllowed.title')} icon={<Webhook className="size-6" />}>
            {t('notAllowed.text')}
          </EmptyState>
        ) : null}
      </Card>
    </Page>
  );
}

function Endpoints() {
  const t = useTranslations('webhooks');
  const endpoints = useQuery(endpointsQuery());
  const [creating, setCreating] = useAsked('add');
  const create = (
    <Button onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden /> {t('add')}
    </Button>
  );
  const none = endpoints.data?.length === 0;
  return (
    <Page
      above={<SettingsLink>{t('back')}</SettingsLink>}
      title={t('title')}
      action={
        none ? null : (
          <div className="flex flex-wrap gap-2">
            <Link href="/settings/webhooks/deliveries" className={buttonClass('plain')}>
              <ListChecks className="size-4" aria-hidden /> {t('deliveries.title')}
            </Link>
            {create}
          </div>
        )
      }
    >
      {endpoints.isPending ? (
        <Card>
          <SkeletonRows rows={2} />
        </Card>
      ) : null}
      {endpoints.isError && !endpoints.data ? (
        <ErrorState
          text={sayOf(endpoints.error, t('failed'))}
          again={t('retry')}
          retry={() => void endpoints.refetch()}
        />
      ) : null}
      {none ? (
        <Card>
          <EmptyState title={t('empty.title')} icon={<Webhook className="size-6" />} action={create}>
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid grid-cols-1 gap-3">
        {endpoints.data?.map((endpoint) => (
          <li key={endpoint.id}>
            <EndpointCard endpoint={endpoint} />
          </li>
        ))}
      </ul>
      {endpoints.data ? (
        <Suspense>
          <VerifySample />
        </Suspense>
      ) : null}
      <CreateDialog open={creating} onOpenChange={setCreating} />
    </Page>
  );
}

/** First what the endpoint is to be, then, once, its secret. */
function CreateDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('webhooks');
  const create = useCreateEndpoint();
  const [made, setMade] = useState<WebhookEndpointWithSecret>();
  const turn = (next: boolean): void => {
    setMade(undefined);
    create.reset();
    onOpenChange(next);
  };
  return (
    <Dialog
      title={made ? t('secret') : t('add')}
      close={t('close')}
      open={open}
      stays={made !== undefined}
      onOpenChange={turn}
    >
      {made ? (
        <Suspense>
          <SecretOnce secret={made.secret} done={() => turn(false)} />
        </Suspense>
      ) : (
        <Suspense>
          <EndpointForm
            label={t('add')}
            work={create}
            submit={(wanted) => create.mutate(wanted, { onSuccess: setMade })}
          />
        </Suspense>
      )}
    </Dialog>
  );
}
