'use client';
import type { ApiKeyView, CreatedApiKey } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { SettingsLink } from '@/features/account/settings-link';
import { faultIn } from '@/lib/api';
import { useAsked } from '@/lib/use-asked';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy-field';
import { Dialog } from '@/ui/dialog';
import { EndButton } from '@/ui/end-button';
import { Page } from '@/ui/page';
import { Card, Chip, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { apiKeysQuery, useRevokeKey } from './api-keys.api';
import { KeyForm } from './key-form';

/** The keys by which programs come in. */
export function ApiKeysScreen() {
  const t = useTranslations('apiKeys');
  const { data: membership } = useMembership();
  if (membership && may(membership.role, 'api_keys:manage')) return <Keys />;
  return (
    <Page above={<SettingsLink>{t('back')}</SettingsLink>} title={t('title')}>
      <Card>
        {membership ? (
          <EmptyState title={t('notAllowed.title')} icon={<KeyRound className="size-6" />}>
            {t('notAllowed.text')}
          </EmptyState>
        ) : null}
      </Card>
    </Page>
  );
}

function Keys() {
  const t = useTranslations('apiKeys');
  const keys = useQuery(apiKeysQuery());
  const [creating, setCreating] = useAsked('add');
  const create = (
    <Button onClick={() => setCreating(true)}>
      <Plus className="size-4" aria-hidden /> {t('create')}
    </Button>
  );
  return (
    <Page
      above={<SettingsLink>{t('back')}</SettingsLink>}
      title={t('title')}
      action={keys.data?.length === 0 ? null : create}
    >
      {keys.isPending ? (
        <Card>
          <SkeletonRows rows={2} />
        </Card>
      ) : null}
      {keys.isError ? <ErrorState text={t('failed')} again={t('retry')} retry={() => void keys.refetch()} /> : null}
      {keys.data?.length === 0 ? (
        <Card>
          <EmptyState title={t('empty.title')} icon={<KeyRound className="size-6" />} action={create}>
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid grid-cols-1 gap-3">
        {keys.data?.map((key) => (
          <li key={key.id}>
            <KeyCard apiKey={key} />
          </li>
        ))}
      </ul>
      <CreateDialog open={creating} onOpenChange={setCreating} />
    </Page>
  );
}

/** First what the key is to be, then, once, the key. */
function CreateDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('apiKeys');
  const [made, setMade] = useState<CreatedApiKey>();
  const turn = (next: boolean): void => {
    setMade(undefined);
    onOpenChange(next);
  };
  return (
    <Dialog
      title={made ? t('made', { name: made.name }) : t('create')}
      close={t('close')}
      open={open}
      stays={made !== undefined}
      onOpenChange={turn}
    >
      {made ? (
        <div className="grid grid-cols-1 gap-4">
          <p role="status" className="text-sm leading-6 text-quiet">
            {t('madeText')}
          </p>
          <CopyField label={t('key')} value={made.key} copy={t('copy')} copied={t('copied')} />
          <Button look="plain" onClick={() => turn(false)}>
            {t('done')}
          </Button>
        </div>
      ) : (
        <KeyForm made={setMade} />
      )}
    </Dialog>
  );
}

function KeyCard({ apiKey }: { apiKey: ApiKeyView }) {
  const t = useTranslations('apiKeys');
  const format = useFormatter();
  const now = useNow();
  const revoke = useRevokeKey();
  const { name, expires_at: end, last_used_at: used } = apiKey;
  const at = (time: string): string => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  const life = end === null ? t('noExpiry') : new Date(end) <= now ? t('expired') : t('expires', { date: at(end) });
  return (
    <Card className="grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-start">
      <div className="grid min-w-0 gap-2">
        <h2 className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
          <bdi>{name}</bdi>
          <bdi dir="ltr" className="font-mono text-xs font-normal text-quiet">
            wsl_…{apiKey.hint}
          </bdi>
        </h2>
        <ul className="flex flex-wrap gap-1.5">
          {apiKey.scopes.map((scope) => (
            <li key={scope}>
              <Chip>{t(`scopes.${scope}`)}</Chip>
            </li>
          ))}
        </ul>
        <p className="text-sm leading-6 text-quiet">
          {used ? t('lastUsed', { date: at(used) }) : t('neverUsed')} · {life}
        </p>
        <p className="text-sm leading-6 wrap-anywhere text-quiet">
          {t('createdBy', { email: apiKey.created_by, date: at(apiKey.created_at) })}
        </p>
      </div>
      <EndButton
        label={t('revoke')}
        name={t('revokeOf', { name })}
        cancel={t('cancel')}
        title={t('confirmRevoke.title', { name })}
        text={t('confirmRevoke.text')}
        work={revoke}
        fault={revoke.error ? faultIn(t, revoke.error) : undefined}
        run={() => revoke.mutateAsync(apiKey.id)}
      />
    </Card>
  );
}
