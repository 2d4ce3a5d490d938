'use client';
import type { ImportView } from '@wasel/backend/contract';
import { FileUp, X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRef } from 'react';
import { useMembership } from '@/features/account/account.api';
import { useUpload } from '@/features/bulk/bulk.api';
import { phoneColumnOf } from '@/features/bulk/bulk.rules';
import { faultIn } from '@/lib/api';
import { COUNTRIES } from '@/lib/countries';
import { Button, IconButton } from '@/ui/button';
import { FormFault, SelectField } from '@/ui/field';
import { columnsOf, type Draft, type DraftFile } from './draft.rules';
import type { SetDraft } from './use-draft';

/** A CSV file of people: which column has the number; the others can be named in the text. */
export function FilePicker({ draft: { file }, set }: { draft: Draft; set: SetDraft }) {
  const t = useTranslations('broadcasts.audience.file');
  const bulk = useTranslations('bulk');
  const input = useRef<HTMLInputElement>(null);
  const upload = useUpload();
  const { data: membership } = useMembership();
  const took = ({ id, file_name: name, row_count: rows, columns, preview }: ImportView): void =>
    set({
      file: {
        id,
        name,
        rows,
        columns,
        first: preview[0]?.cells ?? [],
        phone: phoneColumnOf(columns),
        country: membership?.organization.country ?? '',
      },
    });
  return (
    <>
      {file ? (
        <Columns file={file} change={(change) => set(change ? { file: { ...file, ...change } } : { file: null })} />
      ) : (
        <Button
          look="plain"
          className="justify-self-start"
          busy={upload.isPending}
          onClick={() => input.current?.click()}
        >
          <FileUp className="size-4" aria-hidden /> {bulk('upload.choose')}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        aria-label={t('title')}
        onChange={({ target }) => {
          const [content] = target.files ?? [];
          if (content) upload.mutate(content, { onSuccess: took });
          target.value = '';
        }}
      />
      {upload.error ? <FormFault>{faultIn(bulk, upload.error)}</FormFault> : null}
    </>
  );
}

function Columns({ file, change }: { file: DraftFile; change: (change: Partial<DraftFile> | null) => void }) {
  const t = useTranslations('broadcasts.audience.file');
  const bulk = useTranslations('bulk');
  const names = new Intl.DisplayNames([useLocale()], { type: 'region' });
  const options = file.columns.map((name, n) => [String(n), name || bulk('column', { number: n + 1 })] as const);
  const countries = COUNTRIES.map((code) => [code, names.of(code) ?? code] as const);
  return (
    <>
      <p className="flex items-center justify-between gap-2 rounded-lg border border-line ps-3 text-sm wrap-anywhere">
        <span>
          <bdi>{file.name}</bdi> <span className="text-quiet">· {t('rows', { count: file.rows })}</span>
        </span>
        <IconButton look="ghost" label={t('remove')} onClick={() => change(null)}>
          <X className="size-4" aria-hidden />
        </IconButton>
      </p>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <SelectField
          label={bulk('phoneColumn')}
          options={options}
          value={String(file.phone)}
          onChange={(event) => change({ phone: Number(event.target.value) })}
        />
        <SelectField
          label={bulk('country')}
          options={[['', bulk('noCountry')], ...countries]}
          value={file.country}
          onChange={(event) => change({ country: event.target.value })}
        />
      </div>
      <p className="text-sm leading-6 text-quiet">
        {t('variables')}{' '}
        {columnsOf(file).map(({ name, label }) => (
          <bdi key={name} className="me-2 inline-block">
            <bdi dir="ltr">{`{{${name}}}`}</bdi>
            {name === label ? null : ` (${label})`}
          </bdi>
        ))}
      </p>
    </>
  );
}
