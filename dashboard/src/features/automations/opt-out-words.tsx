'use client';
import type { OptOutWords } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { faultIn, sayOf } from '@/lib/api';
import { textOf } from '@/lib/form';
import { AreaField } from '@/ui/area-field';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { ErrorState, SkeletonRows } from '@/ui/states';
import { optOutWordsQuery, useSetOptOutWords } from './automations.api';
import { wordsIn } from './draft';

/** By what people opt out and in. */
export function OptOutWordsForm({ done }: { done: () => void }) {
  const t = useTranslations('automations');
  const words = useQuery(optOutWordsQuery());
  if (words.isPending) return <SkeletonRows rows={2} />;
  if (!words.data)
    return <ErrorState text={sayOf(words.error, t('failed'))} again={t('retry')} retry={() => void words.refetch()} />;
  return <WordsForm words={words.data} done={done} />;
}

function WordsForm({ words: { stop, start }, done }: { words: OptOutWords; done: () => void }) {
  const t = useTranslations('automations');
  const saving = useSetOptOutWords();
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        saving.mutate(
          { stop: wordsIn(textOf(form, 'stop')), start: wordsIn(textOf(form, 'start')) },
          { onSuccess: done },
        );
      }}
    >
      <p className="text-sm leading-6 text-quiet">{t('optOut.text')}</p>
      <AreaField label={t('optOut.stop')} name="stop" required hint={t('optOut.hint')} defaultValue={stop.join('\n')} />
      <AreaField label={t('optOut.start')} name="start" required defaultValue={start.join('\n')} />
      {saving.error ? <FormFault>{faultIn(t, saving.error)}</FormFault> : null}
      <Button type="submit" busy={saving.isPending}>
        {t('save')}
      </Button>
    </form>
  );
}
