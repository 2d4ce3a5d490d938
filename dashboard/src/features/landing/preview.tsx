import type { MessageView } from '@wasel/backend/contract';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Ticks } from '@/features/inbox/ticks';
import { cx } from '@/lib/cx';
import { Avatar } from '@/ui/avatar';

const CHATS = ['first', 'second', 'third'] as const;
const LINES = [
  ['ask', null],
  ['answer', 'read'],
  ['thanks', null],
  ['last', 'delivered'],
] as const satisfies readonly (readonly [string, MessageView['status'] | null])[];

/** The inbox as it looks at work, drawn with its own parts: a picture that speaks the language of the page. */
export function Preview() {
  const t = useTranslations('landing.preview');
  return (
    <div
      role="img"
      aria-label={t('label')}
      className="grid overflow-hidden rounded-2xl border border-line bg-surface text-start shadow-float select-none sm:grid-cols-[2fr_3fr]"
    >
      <div className="content-start border-e border-line max-sm:hidden">
        {CHATS.map((chat, index) => (
          <div key={chat} className={cx('flex items-center gap-3 px-4 py-3.5', index === 0 && 'bg-accent-soft')}>
            <Avatar name={t(`${chat}.name`)} className={cx('size-9 text-xs', index === 0 && 'bg-surface')} />
            <div className="grid min-w-0 grow gap-0.5">
              <p className="truncate text-sm font-medium">{t(`${chat}.name`)}</p>
              <p className="truncate text-xs text-quiet">{t(`${chat}.text`)}</p>
            </div>
            {index === 1 ? <span className="size-2.5 shrink-0 rounded-full bg-accent" /> : null}
          </div>
        ))}
      </div>
      <div className="grid min-w-0 content-start">
        <div className="flex items-center gap-3 border-b border-line px-4 py-3">
          <p className="min-w-0 grow truncate text-sm font-medium">{t('first.name')}</p>
          <p className="flex shrink-0 items-center gap-1.5 text-xs font-medium text-good">
            <CircleCheck className="size-4" /> {t('connected')}
          </p>
        </div>
        <div className="grid gap-2.5 bg-canvas p-4">
          {LINES.map(([line, status]) => (
            <div
              key={line}
              className={cx(
                'grid max-w-[85%] gap-0.5 rounded-2xl px-3.5 py-2 text-sm leading-6 shadow-card',
                status ? 'justify-self-end rounded-ee-md bg-bubble' : 'justify-self-start rounded-es-md bg-surface',
              )}
            >
              <p>{t(line)}</p>
              {status ? (
                <span className="justify-self-end">
                  <Ticks status={status} />
                </span>
              ) : null}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
