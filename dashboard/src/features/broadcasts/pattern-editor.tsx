'use client';
import { parseSpintax, spintaxFaultOf } from '@wasel/backend/contract/words';
import { Shuffle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useRef } from 'react';
import { cx } from '@/lib/cx';
import { Button } from '@/ui/button';
import { CONTROL } from '@/ui/control';
import { columnsOf, type Draft } from './draft.rules';
import type { SetDraft } from './use-draft';

const PATTERN_MAX = 16_384;
/** Known of a person as far as anything is. */
export const KNOWN = ['first_name', 'name', 'phone_number', 'group'] as const;

/** A text with variables and alternatives, and help with both. */
export function PatternEditor({ draft, set }: { draft: Draft; set: SetDraft }) {
  const t = useTranslations('broadcasts.content');
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, kind, file } = draft;
  const parsed = parseSpintax(text);
  const fault = text.trim() === '' ? null : spintaxFaultOf(parsed);
  const own = file ? columnsOf(file).map(({ name }) => name) : [];
  const offered = [...new Set([...KNOWN, ...own, ...parsed.variables])];

  /** Puts something where the caret is, or around what is marked; then `select` letters of it are marked, from `from`. */
  function put(make: (marked: string) => readonly [piece: string, from: number, select: number]): void {
    const [start, end] = [area.current?.selectionStart ?? text.length, area.current?.selectionEnd ?? text.length];
    const [piece, from, select] = make(text.slice(start, end));
    set({ text: text.slice(0, start) + piece + text.slice(end) });
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(start + from, start + from + select);
    });
  }

  return (
    <div className="grid min-w-0 gap-2">
      <label htmlFor={id} className="text-sm font-medium">
        {t(kind === 'file' ? 'caption' : 'text')}
      </label>
      <textarea
        id={id}
        ref={area}
        rows={7}
        dir="auto"
        maxLength={PATTERN_MAX}
        value={text}
        aria-describedby={`${id}-say`}
        aria-invalid={fault !== null}
        className={cx(CONTROL, 'py-2 leading-6')}
        onChange={(event) => set({ text: event.target.value })}
      />
      <div id={`${id}-say`} className="text-xs leading-5">
        {fault === null ? null : <p className="text-bad">{t(`spintax.${fault}`)}</p>}
        <p className="text-quiet">{t('choicesHint')}</p>
      </div>
      <div className="flex flex-wrap gap-1.5">
        <Button
          look="plain"
          onClick={() =>
            put((marked) => {
              const other = t('otherWord');
              const first = marked === '' ? t('word') : marked;
              return [`{${first}|${other}}`, first.length + 2, other.length];
            })
          }
        >
          <Shuffle className="size-4" aria-hidden /> {t('offer')}
        </Button>
        {offered.map((name) => (
          <button
            key={name}
            type="button"
            className={cx(
              'min-h-10 cursor-pointer rounded-full border px-3 text-xs',
              parsed.variables.includes(name) ? 'border-accent bg-accent-soft text-accent' : 'border-edge text-quiet',
            )}
            aria-label={t('insert', { name })}
            onClick={() => put(() => [`{{${name}}}`, name.length + 4, 0])}
          >
            <bdi dir="ltr">{`{{${name}}}`}</bdi>
          </button>
        ))}
      </div>
    </div>
  );
}
