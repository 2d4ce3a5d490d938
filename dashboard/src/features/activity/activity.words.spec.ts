import { describe, expect, it } from '@jest/globals';
import {
  AuditAction,
  AuditActorType,
  AuditTargetType,
  Role,
  SessionReason,
  SessionState,
} from '@wasel/backend/contract';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '../../i18n/languages.ts';

/** Every word that the log can need, by its place in the catalogue. */
const WANTED = [
  ...AuditAction.options.map((action) => `actions.${action}`),
  ...AuditTargetType.options.flatMap((type) => [`groups.${type}`, `nameless.${type}`]),
  ...AuditActorType.options.map((type) => `actors.${type}`),
  ...Role.options.map((role) => `roles.${role}`),
  ...SessionState.options.map((state) => `states.${state}`),
  ...SessionReason.options.map((reason) => `reasons.${reason}`),
];

function textAt(language: string, path: string): unknown {
  const file = join(import.meta.dirname, '../../../messages', `${language}.json`);
  const { activity } = JSON.parse(readFileSync(file, 'utf8')) as { activity: unknown };
  return path
    .split('.')
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], activity);
}

describe('the log', () => {
  it.each(Object.keys(LANGUAGES))('has words in %s for everything that the contract can tell', (language) => {
    expect(WANTED.filter((path) => typeof textAt(language, path) !== 'string')).toEqual([]);
  });

  it.each(Object.keys(LANGUAGES))('says in %s who did it, unless it happened by itself', (language) => {
    const silent = AuditAction.options.filter(
      (action) => !String(textAt(language, `actions.${action}`)).includes('{actor}'),
    );
    expect(silent).toEqual(['session.status_changed']);
  });
});
