import type { Client } from 'pg';
import { IdSlot, type RequestPlan, type Sent, send } from './api-requests.ts';
import { tablesOf, type Table } from './tables.ts';
import { aTenant, type Tenant } from './tenant.ts';

/** The ids of an organization's rows, by what they are: `session`, `message`, … */
export type Ids = ReadonlyMap<string, readonly string[]>;

/** An organization with rows in every table of tenants, whose owner may ask the API. */
export type Party = Readonly<{ tenant: Tenant; ids: Ids; headers: Readonly<Record<string, string>> }>;

type Owned = Table & { tenantKey: string };

/** Makes parties, and sees what became of them. */
export class Parties {
  private constructor(
    private readonly admin: Client,
    private readonly tables: readonly Owned[],
    private readonly tokenFor: (user: string) => Promise<string>,
  ) {}

  static async in(admin: Client, tokenFor: (user: string) => Promise<string>): Promise<Parties> {
    const tables = await tablesOf(admin);
    return new Parties(
      admin,
      tables.flatMap((table) =>
        table.tenantKey && !table.partition ? [{ ...table, tenantKey: table.tenantKey }] : [],
      ),
      tokenFor,
    );
  }

  async make(name: string): Promise<Party> {
    const tenant = await aTenant(this.admin, name);
    const ids = new Map<string, string[]>([['member', [tenant.user]]]);
    for (const { name: table, tenantKey, columns } of this.tables.filter((one) => one.columns.includes('id'))) {
      const { rows } = await this.admin.query<{ id: string }>(
        `select id::text from ${table} where ${tenantKey} = $1 order by id desc`,
        [tenant.organization],
      );
      if (columns.includes('id'))
        ids.set(
          singular(table),
          rows.map(({ id }) => id).filter((id) => UUID.test(id)),
        );
    }
    const authorization = `Bearer ${await this.tokenFor(tenant.user)}`;
    return { tenant, ids, headers: { authorization, 'x-org-id': tenant.organization } };
  }

  /** Every row of an organization, as text: what must not change, and what must not be shown. */
  async rowsOf({ tenant }: Party): Promise<string[]> {
    const each = this.tables.map(
      ({ name, tenantKey }) => `select '${name} ' || to_jsonb(t)::text as row from ${name} t where ${tenantKey} = $1`,
    );
    const { rows } = await this.admin.query<{ row: string }>(`${each.join(' union all ')} order by 1`, [
      tenant.organization,
    ]);
    return rows.map(({ row }) => row);
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** `private.api_keys` are of the kind `api_key`. */
const singular = (table: string): string =>
  table
    .replace(/^\w+\./, '')
    .replace(/ies$/, 'y')
    .replace(/s$/, '');

/** Places whose name is not that of what stands there. */
const MEANT: Readonly<Record<string, string>> = { reply_to: 'message', list_ids: 'contact_list' };

/** What stands in a place: its name says it, or the path. */
function nounOf({ name, path }: IdSlot): string {
  if (name === 'id') return /\/([\w-]+)\/\{/.exec(path)?.[1] ?? '';
  if (name === 'ids') return /^\/api\/([\w-]+)/.exec(path)?.[1] ?? '';
  return MEANT[name] ?? name.replace(/_ids?$/, '');
}

/** Ids of a party that may be meant in a place, the likeliest first. */
export function candidates({ ids }: Party, slot: IdSlot): string[] {
  const noun = nounOf(slot);
  const kind = singular(noun.replaceAll('-', '_'));
  return [...(ids.get(kind) ?? []), ...[...ids].flatMap(([other, values]) => (other === kind ? [] : values))];
}

const TRIES_MAX = 400;

/** Ids with which the owner gets through with a request; undefined when there are none. */
export async function ownIds(url: string, plan: RequestPlan, owner: Party): Promise<Reached> {
  let last: Sent | undefined;
  let tries = 0;
  for (const ids of combinations(plan.slots, (slot) => candidates(owner, slot))) {
    last = await send(url, plan, ids, owner.headers);
    if (reaches(last)) return { ids, answer: last };
    if (++tries === TRIES_MAX) break;
  }
  return { ids: undefined, answer: last };
}

export type Reached = Readonly<{ ids: ReadonlyMap<IdSlot, string> | undefined; answer: Sent | undefined }>;

/** What says that a request was no valid one, or that what it names is not there. */
const UNREACHED = new Set(['request_invalid', 'bad_request', 'not_found', 'unsupported_media_type', 'unauthenticated']);
const reaches = ({ status, code = '' }: Sent): boolean =>
  status < 500 && !UNREACHED.has(code) && !code.endsWith('_not_found') && code !== 'organization_required';

export function* combinations(
  [slot, ...others]: readonly IdSlot[],
  of: (slot: IdSlot) => readonly string[],
): Generator<ReadonlyMap<IdSlot, string>> {
  if (!slot) {
    yield new Map();
    return;
  }
  for (const id of of(slot)) for (const rest of combinations(others, of)) yield new Map([[slot, id], ...rest]);
}

/** The same kind of id, of another party. */
export function counterpart(from: Party, to: Party, id: string): string {
  for (const [kind, values] of from.ids) {
    const place = values.indexOf(id);
    const other = place < 0 ? undefined : to.ids.get(kind)?.[place];
    if (other !== undefined) return other;
  }
  throw new Error(`${id} is none of the party's ids`);
}

/** The words and ids by which a party's rows are known, and that nobody else has. */
export function marksOf(rows: readonly string[], others: readonly string[]): string[] {
  const strings = (list: readonly string[]) =>
    new Set(list.flatMap((row) => [...row.matchAll(/"((?:[^"\\]|\\.){8,})"/g)].map(([, text]) => text as string)));
  const elsewhere = strings(others);
  return [...strings(rows)].filter((text) => !elsewhere.has(text) && !/^\d{4}-\d\d-\d\dT|^\\\\x/.test(text));
}
