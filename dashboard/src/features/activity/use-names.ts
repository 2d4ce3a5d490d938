'use client';
import type { AuditEntryView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import type { Options } from '@/ui/select';
import { keysQuery, peopleQuery } from './activity.api';
import { namesIn } from './activity.rules';

/** What people call what is in the log. */
export type Names = Readonly<{
  /** By id; none of what is gone and left no name in these entries. */
  of: (id: string | null) => string | undefined;
  /** Who can be asked for: everybody who is here, every key, and whoever else did something in these entries. */
  actors: Options;
  /** What is named is not of the organization that the screen works in, so it leads nowhere. */
  foreign?: boolean;
}>;

export function useNames(entries: readonly AuditEntryView[]): Names {
  const t = useTranslations('activity');
  const { data: membership } = useMembership();
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const { data: people = [] } = useQuery(peopleQuery());
  const { data: keys = [] } = useQuery(keysQuery());
  const organization = membership ? [membership.organization] : [];
  const names = new Map([
    ...namesIn(entries),
    ...[...sessions, ...people, ...keys, ...organization].map(({ id, name }) => [id, name] as const),
  ]);
  const actors = new Map<string, string>([
    ...people.map(({ id, name, email }) => [`user:${id}`, name || email] as const),
    ...keys.map(({ id, name }) => [`key:${id}`, t('key', { name })] as const),
  ]);
  for (const { actor } of entries) {
    const value = `${actor.type}:${actor.id ?? ''}`;
    if (actor.type !== 'system' && !actors.has(value))
      actors.set(value, actor.type === 'key' ? t('key', { name: actor.name }) : actor.name);
  }
  return { of: (id) => names.get(id ?? ''), actors: [...actors, ['system', t('system')]] };
}
