'use client';
import type { GroupView } from '@wasel/backend/contract';
import { ShieldCheck, ShieldMinus, Tag, UserMinus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { refusalOf } from './changes.rules';
import { Reason } from './number-choice';
import { MEMBER_VERBS, type MemberVerb } from './people-verbs';

const ICONS = { promote: ShieldCheck, demote: ShieldMinus, remove: UserMinus } as const;

/** How many are chosen, and what can be done with them; stays in sight. */
export function Chosen({
  group,
  count,
  clear,
  tag,
  change,
}: {
  group: GroupView;
  count: number;
  clear: () => void;
  /** Null: who looks may not. */
  tag: (() => void) | null;
  change: ((verb: MemberVerb) => void) | null;
}) {
  const t = useTranslations('groups.members');
  const c = useTranslations('groups.changes');
  const why = change ? refusalOf(group, 'remove') : null; // the three are allowed or not together
  return (
    <div
      role="region"
      aria-label={t('chosen.label')}
      className="sticky bottom-4 z-10 grid justify-self-center rounded-xl border border-line bg-surface p-2 shadow-float"
    >
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="grow ps-3 pe-4 text-sm font-medium tabular-nums">
          {t('chosen.count', { count })}
        </p>
        <Button look="ghost" onClick={clear}>
          {t('chosen.clear')}
        </Button>
        {change
          ? MEMBER_VERBS.map((verb) => {
              const Icon = ICONS[verb];
              return (
                <Button
                  key={verb}
                  look={verb === 'remove' ? 'danger' : 'plain'}
                  disabled={why !== null}
                  aria-describedby={why ? 'no-changing' : undefined}
                  onClick={() => change(verb)}
                >
                  <Icon className="size-4" aria-hidden /> {c(`${verb}.open`)}
                </Button>
              );
            })
          : null}
        {tag ? (
          <Button onClick={tag}>
            <Tag className="size-4" aria-hidden /> {t('tag')}
          </Button>
        ) : null}
      </div>
      {why ? (
        <div className="px-3 pt-1">
          <Reason id="no-changing" why={why} />
        </div>
      ) : null}
    </div>
  );
}
