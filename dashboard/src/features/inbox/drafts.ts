'use client';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { meQuery } from '@/features/account/account.api';
import { restOf } from './message.rules';

const PREFIX = 'wasel-draft';
const followers = new Set<() => void>();
/** Where the browser keeps nothing, what is written lasts as long as the page. */
const memory = new Map<string, string>();

const read = (name: string): string => memory.get(name) ?? localStorage.getItem(name) ?? '';

function keep(name: string, text: string): void {
  memory.set(name, text);
  try {
    if (text === '') localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    // full, or switched off
  }
  for (const changed of followers) changed();
}

function follow(changed: () => void): () => void {
  const elsewhere = ({ key }: StorageEvent): void => {
    if (key?.startsWith(PREFIX)) memory.delete(key); // written in another tab
    changed();
  };
  followers.add(changed);
  addEventListener('storage', elsewhere);
  return () => {
    followers.delete(changed);
    removeEventListener('storage', elsewhere);
  };
}

/**
 * What somebody has begun to write in a conversation. It stays in this browser, for him alone, until it is sent; null until it
 * is known who that is.
 */
export function useDraft(
  conversation: string,
): [text: string | null, write: (text: string) => void, sent: (text: string) => void] {
  const { data: me } = useQuery(meQuery());
  const name = `${PREFIX}:${me?.id ?? ''}:${conversation}`;
  const text = useSyncExternalStore(
    follow,
    () => (me ? read(name) : null),
    () => null,
  );
  const write = useCallback((next: string) => keep(name, next), [name]);
  // What was begun while that was on its way stays.
  const sent = useCallback((one: string) => keep(name, restOf(read(name), one)), [name]);
  return [text, write, sent];
}
