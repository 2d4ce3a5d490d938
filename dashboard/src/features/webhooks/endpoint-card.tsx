'use client';
import type { WebhookEndpointView, WebhookEndpointWithSecret } from '@wasel/backend/contract';
import { ListChecks, Pencil, RefreshCw, Send } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { faultIn } from '@/lib/api';
import { Button, buttonClass } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { Dialog } from '@/ui/dialog';
import { EndButton } from '@/ui/end-button';
import { FormFault } from '@/ui/field';
import { Link } from '@/ui/link';
import { Card, Chip } from '@/ui/states';
import { SwitchField } from '@/ui/switch-field';
import { Try } from './tries';
import { useDeleteEndpoint, useRotateSecret, useTestEndpoint, useUpdateEndpoint } from './webhooks.api';
import { whyNot } from './words';

const EndpointForm = lazy(() => import('./endpoint-form'));
const SecretOnce = lazy(() => import('./secret-once'));

/** One server, how it is, and what can be done about it. */
export function EndpointCard({ endpoint }: { endpoint: WebhookEndpointView }) {
  const t = useTranslations('webhooks');
  const update = useUpdateEndpoint();
  const test = useTestEndpoint();
  const { id, url, description, event_types: types, enabled } = endpoint;
  const [tried] = test.data?.tries ?? [];
  return (
    <Card className="grid grid-cols-1 gap-4">
      <div className="grid min-w-0 gap-2">
        <h2 className="font-medium wrap-anywhere">
          <bdi dir="ltr">{url}</bdi>
        </h2>
        {description ? <p className="text-sm leading-6 wrap-anywhere text-quiet">{description}</p> : null}
        <ul className="flex flex-wrap gap-1.5">
          {types ? (
            types.map((type) => (
              <li key={type}>
                <Chip>{t(`types.${type}`)}</Chip>
              </li>
            ))
          ) : (
            <li>
              <Chip>{t('allEvents')}</Chip>
            </li>
          )}
        </ul>
        <Health endpoint={endpoint} />
      </div>
      <SwitchField
        label={t('enabled')}
        hint={t('enabledHint')}
        checked={enabled}
        disabled={update.isPending}
        onCheckedChange={(next) => update.mutate({ id, change: { enabled: next } })}
      />
      <div className="flex flex-wrap gap-2">
        <Button look="plain" aria-label={t('testOf', { url })} busy={test.isPending} onClick={() => test.mutate(id)}>
          <Send className="size-4 rtl:-scale-x-100" aria-hidden /> {t('test')}
        </Button>
        <Link
          href={`/settings/webhooks/deliveries?endpoint=${id}`}
          aria-label={t('deliveriesOf', { url })}
          className={buttonClass('plain')}
        >
          <ListChecks className="size-4" aria-hidden /> {t('deliveries.title')}
        </Link>
        <EditButton endpoint={endpoint} />
        <RotateButton endpoint={endpoint} />
        <Remove id={id} url={url} />
      </div>
      <div role="status" className="empty:hidden">
        {tried ? <Try tried={tried} /> : null}
      </div>
      {(update.error ?? test.error) ? <FormFault>{faultIn(t, update.error ?? test.error)}</FormFault> : null}
    </Card>
  );
}

function Health({ endpoint }: { endpoint: WebhookEndpointView }) {
  const t = useTranslations('webhooks');
  const format = useFormatter();
  const at = (time: string): string => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  const { disabled_reason: off, failing_since: failing, last_success_at: taken, waiting, failed } = endpoint;
  const previous = endpoint.previous_secret_expires_at;
  const bad = failing !== null || (off !== null && off !== 'person');
  return (
    <div className="grid gap-0.5 text-sm leading-6 text-quiet">
      <p className={bad ? 'text-bad' : undefined}>
        {off ? `${t(`off.${off}`)} ` : ''}
        {failing
          ? `${t('failing', { time: at(failing) })} ${whyNot(t, endpoint.last_error)}`
          : taken
            ? t('taken', { time: at(taken) })
            : t('untold')}
      </p>
      {waiting > 0 ? <p>{t('waiting', { count: waiting })}</p> : null}
      {failed > 0 ? <p>{t('givenUp', { count: failed })}</p> : null}
      {previous ? <p>{t('previous', { time: at(previous) })}</p> : null}
    </div>
  );
}

function EditButton({ endpoint }: { endpoint: WebhookEndpointView }) {
  const t = useTranslations('webhooks');
  const update = useUpdateEndpoint();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="plain" aria-label={t('editOf', { url: endpoint.url })} onClick={() => setOpen(true)}>
        <Pencil className="size-4" aria-hidden /> {t('edit')}
      </Button>
      <Dialog title={t('edit')} close={t('close')} open={open} onOpenChange={setOpen}>
        <Suspense>
          <EndpointForm
            endpoint={endpoint}
            label={t('save')}
            work={update}
            submit={(change) => update.mutate({ id: endpoint.id, change }, { onSuccess: () => setOpen(false) })}
          />
        </Suspense>
      </Dialog>
    </>
  );
}

function RotateButton({ endpoint: { id, url } }: { endpoint: WebhookEndpointView }) {
  const t = useTranslations('webhooks');
  const rotate = useRotateSecret();
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<WebhookEndpointWithSecret>();
  return (
    <>
      <Button look="plain" aria-label={t('rotateOf', { url })} onClick={() => setAsking(true)}>
        <RefreshCw className="size-4" aria-hidden /> {t('rotate')}
      </Button>
      <ConfirmDialog
        title={t('confirmRotate.title')}
        confirm={t('rotate')}
        cancel={t('cancel')}
        open={asking}
        onOpenChange={setAsking}
        busy={rotate.isPending}
        fault={rotate.error ? faultIn(t, rotate.error) : undefined}
        onConfirm={() =>
          rotate.mutate(id, {
            onSuccess: (rotated) => {
              setAsking(false);
              setMade(rotated);
            },
          })
        }
      >
        {t('confirmRotate.text')}
      </ConfirmDialog>
      <Dialog
        title={t('secret')}
        close={t('close')}
        open={made !== undefined}
        stays
        onOpenChange={() => setMade(undefined)}
      >
        {made ? (
          <Suspense>
            <SecretOnce secret={made.secret} rotated done={() => setMade(undefined)} />
          </Suspense>
        ) : null}
      </Dialog>
    </>
  );
}

function Remove({ id, url }: { id: string; url: string }) {
  const t = useTranslations('webhooks');
  const remove = useDeleteEndpoint();
  return (
    <EndButton
      label={t('remove')}
      name={t('removeOf', { url })}
      cancel={t('cancel')}
      title={t('confirmRemove.title')}
      text={t('confirmRemove.text')}
      work={remove}
      fault={remove.error ? faultIn(t, remove.error) : undefined}
      run={() => remove.mutateAsync(id)}
    />
  );
}
