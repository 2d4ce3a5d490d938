'use client';
import type { TemplateView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Card, Chip, ErrorState, SkeletonRows } from '@/ui/states';
import { CopyButton } from './copy-button';
import { PhonePreview } from './phone-preview';
import { SendButton } from './send-dialog';
import { templateQuery } from './templates.api';
import { useTemplateWords } from './use-template-words';

const TemplateEditor = lazy(() => import('./template-editor').then(({ TemplateEditor: one }) => ({ default: one })));

/** One template, to be written, or to be looked at by who may not. */
export function TemplateScreen({ id }: { id: string }) {
  const t = useTranslations('templates');
  const locale = useLocale();
  const isNew = id === 'new';
  const template = useQuery({ ...templateQuery(id), enabled: !isNew });
  const { data: membership } = useMembership();
  const manages = membership ? may(membership.role, 'templates:manage') : false;
  const { data } = template;
  return (
    <Page
      above={
        <Link href="/templates" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
          <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('title')}
        </Link>
      }
      title={isNew ? t('create') : <bdi>{data?.name ?? t('title')}</bdi>}
      action={data ? <Actions template={data} manages={manages} /> : null}
    >
      {!isNew && template.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {template.isError ? (
        <ErrorState
          text={sayOf(template.error, t('failed'))}
          again={t('retry')}
          retry={() => void template.refetch()}
        />
      ) : null}
      <Suspense>
        {isNew && manages ? <TemplateEditor template={null} language={locale} /> : null}
        {data && manages && !data.system ? (
          <TemplateEditor key={data.id} template={data} language={data.language} />
        ) : null}
      </Suspense>
      {data && (!manages || data.system) ? <Look template={data} /> : null}
    </Page>
  );
}

const Actions = ({ template, manages }: { template: TemplateView; manages: boolean }) => (
  <div className="flex flex-wrap gap-2">
    {template.active ? <SendButton template={template} /> : null}
    {manages ? <CopyButton template={template} /> : null}
  </div>
);

function Look({ template }: { template: TemplateView }) {
  const t = useTranslations('templates');
  const { categoryOf, languageOf, sampleOf } = useTemplateWords();
  const samples = Object.fromEntries(template.variables.map((variable) => [variable, sampleOf(variable)]));
  return (
    <Card className="grid gap-4">
      <p className="flex flex-wrap gap-2">
        <Chip>{categoryOf(template.category)}</Chip>
        <Chip>{languageOf(template.language)}</Chip>
        {template.system ? <Chip>{t('system')}</Chip> : null}
      </p>
      {template.system ? <p className="text-sm leading-6 text-quiet">{t('systemText')}</p> : null}
      <PhonePreview
        body={template.body}
        language={template.language}
        values={samples}
        media={template.header?.media ?? null}
      />
    </Card>
  );
}
