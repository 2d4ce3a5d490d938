import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call that the dashboard makes: `name` is the schema that it believes in, null where it expects nothing. */
export type DashboardCall = Readonly<{ name: string | null; method: string; path: string; where: string }>;

const CALL = /\b(?:call\(\s*'(\w+)',|send\()\s*(`[^`]*`|'[^']*')\s*(?:,\s*(post|put|patch|\{ method: '(\w+)'))?/g;
/** Every place where one of the two is used; more of them than calls means that one is written in another way. */
const ANY = /(?<!function )\b(?:call|send)\(/g;

/** What stands in a source, with `{}` for whatever a path is given. */
export function callsIn(source: string, where: string): DashboardCall[] {
  const calls = [...source.matchAll(CALL)].map(([, name, path = '', helper, method]) => ({
    name: name ?? null,
    method: (method ?? helper ?? 'get').toLowerCase(),
    path: `/api${path
      .slice(1, -1)
      .replace(/\?.*/s, '')
      .replaceAll(/\$\{.*?\}(?=\/|$|\?)/g, '{}')}`,
    where,
  }));
  const strangers = [...source.matchAll(ANY)].length - calls.length;
  if (strangers > 0)
    throw new Error(`${where}: write call('Schema', 'path', …) and send('path', …) with both in place.`);
  return calls;
}

/** Every call of the dashboard's sources that use its API client. */
export function dashboardCalls(): DashboardCall[] {
  const sources = join(import.meta.dirname, '../../../dashboard/src');
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const source = readFileSync(join(sources, file), 'utf8');
      const client = /import \{([^}]*)\} from '@\/lib\/api'/.exec(source)?.[1] ?? '';
      return /\b(call|send)\b/.test(client) ? callsIn(source, file) : [];
    });
}
