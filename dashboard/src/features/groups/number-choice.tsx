'use client';
import type { GroupView, SessionView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { SelectField } from '@/ui/field';
import { type GroupNumber, numbersThatMay, type Refusal, refusalOf, type Verb } from './changes.rules';

/** The number that does something, of those that can. */
export type Choice = Readonly<{
  /** Undefined while it is not known, and where there is none. */
  session: SessionView | undefined;
  among: readonly SessionView[];
  choose: (id: string) => void;
}>;

/** The first that is connected unless another is chosen. */
export function useChoice(numbers: readonly Pick<GroupNumber, 'session_id'>[]): Choice {
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const [chosen, choose] = useState<string>();
  const among = numbers.flatMap(({ session_id: id }) => sessions.find((one) => one.id === id) ?? []);
  const session = among.find(({ id }) => id === chosen) ?? among.find(({ state }) => state === 'connected') ?? among[0];
  return { session, among, choose };
}

/** Of our numbers in a group those that may do it, or why none may. */
export function useNumbersThatMay(group: GroupView, verb: Verb): Choice & { why: Refusal | null } {
  return { ...useChoice(numbersThatMay(group, verb)), why: refusalOf(group, verb) };
}

const Name = (name: React.ReactNode) => <bdi className="font-medium text-ink">{name}</bdi>;

/** Which number does it: to be chosen where several can, else said. */
export function NumberChoice({ choice: { session, among, choose } }: { choice: Choice }) {
  const t = useTranslations('groups.changes.number');
  if (!session) return null;
  const away = session.state === 'connected' ? undefined : t('away');
  return among.length > 1 ? (
    <SelectField
      label={t('label')}
      {...(away ? { hint: away } : {})}
      value={session.id}
      options={among.map(({ id, name, phone_number: phone }) => [id, phone ? `${name} · ${phone}` : name] as const)}
      onChange={(event) => choose(event.target.value)}
    />
  ) : (
    <p className="text-sm leading-6 text-quiet">
      {t.rich('only', { name: session.name, number: Name })}
      {away ? <span className="block text-warn">{away}</span> : null}
    </p>
  );
}

/** Why something cannot be done, beside what would do it. */
export function Reason({ id, why }: { id?: string; why: Refusal | null }) {
  const t = useTranslations('groups.changes.reasons');
  return why ? (
    <p id={id} className="flex items-start gap-2 text-sm leading-6 text-quiet">
      <Info className="mt-1 size-4 shrink-0" aria-hidden />
      {t(why)}
    </p>
  ) : null;
}
