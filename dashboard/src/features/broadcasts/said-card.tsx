'use client';
import type { BroadcastView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { templateQuery } from '@/features/templates/templates.api';
import { Card } from '@/ui/states';
import { fileQuery } from './broadcasts.api';
import { Bubble } from './bubble';
import { Who } from './who';

/** What everybody got, as it was written. */
export function SaidCard({ broadcast }: { broadcast: BroadcastView }) {
  const t = useTranslations('broadcasts');
  const { content, variables } = broadcast;
  const common = Object.entries(variables);
  return (
    <Card className="grid grid-cols-1 gap-4 sm:p-6">
      <h2 className="font-semibold">{t('said')}</h2>
      {content.type === 'template' ? <Template id={content.template_id} /> : null}
      {content.type === 'text' ? <Bubble text={content.text} label={t('said')} /> : null}
      {content.type !== 'text' && content.type !== 'template' ? (
        <WithFile id={broadcast.id} caption={content.caption ?? ''} />
      ) : null}
      {common.length > 0 ? (
        <dl className="grid gap-1 text-sm leading-6 text-quiet">
          {common.map(([name, value]) => (
            <div key={name} className="flex flex-wrap gap-x-2">
              <dt>
                <bdi dir="ltr">{`{{${name}}}`}</bdi>
              </dt>
              <dd className="wrap-anywhere">{t.rich('forWhoHasNone', { value, who: Who })}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </Card>
  );
}

function Template({ id }: { id: string }) {
  const t = useTranslations('broadcasts');
  const { data: template, isError } = useQuery(templateQuery(id));
  if (isError) return <p className="text-sm leading-6 text-quiet">{t('goneTemplate')}</p>;
  if (!template) return null;
  return (
    <>
      <p className="text-sm leading-6 text-quiet">{t.rich('ofTemplate', { name: template.name, who: Who })}</p>
      <Bubble text={template.body} media={template.header?.media ?? null} label={t('said')} />
    </>
  );
}

function WithFile({ id, caption }: { id: string; caption: string }) {
  const t = useTranslations('broadcasts');
  const { data: media = null } = useQuery(fileQuery(id));
  return <Bubble text={caption} media={media} label={t('said')} />;
}
