import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { Clock } from '../../kernel/clock.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import {
  CannotFill,
  type IdSlot,
  type Operation,
  operationsOf,
  plansOf,
  type RequestPlan,
  send,
} from '../../testing/api-requests.ts';
import { anApiKey } from '../../testing/factories.ts';
import { HastyClock } from '../../testing/hasty-clock.ts';
import { routesOf } from '../../testing/routes.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { type SigningKey, TokenIssuer } from '../../testing/token-issuer.ts';
import { counterpart, marksOf, ownIds, Parties, type Party } from '../../testing/trespass.ts';
import { Memberships } from './memberships.ts';
import { SCOPES } from './permissions.ts';

/**
 * Every route of the application, with another organization's ids in each place that takes one. First its owner sends the same
 * request, so that it is known to be a valid one: a route whose request cannot be made up fails the test.
 */
const issuer = new TokenIssuer();
let key: SigningKey;
let api: TestApi;
let parties: Parties;
let theirs: Party;
let operations: Operation[];
let openRoutes: Set<string>;

const tokenFor = (user: string): Promise<string> =>
  new SignJWT({ email: `${user}@example.com` })
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .setIssuer(`${issuer.url}/auth/v1`)
    .setAudience('authenticated')
    .setSubject(user)
    .setExpirationTime('1h')
    .sign(key.privateKey);

beforeAll(async () => {
  await issuer.start();
  key = await issuer.key('ES256', 'first');
  api = await startApi({ SUPABASE_URL: issuer.url, SUPABASE_ANON_KEY: 'anon', LOG_LEVEL: 'silent' }, (testing) =>
    testing.overrideProvider(Clock).useClass(HastyClock),
  );
  parties = await Parties.in(api.database.admin, tokenFor);
  theirs = await parties.make('Theirs');
  operations = await operationsOf(api.url);
  openRoutes = new Set(
    routesOf(api.app).flatMap(({ requirement, method, path }) =>
      requirement === 'public' ? [`${method} ${path}`] : [],
    ),
  );
});
afterAll(async () => {
  await api.close();
  await issuer.stop();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Routes that write down what they were asked, ids and all. */
const ECHOES: Readonly<Record<string, string>> = {
  'get /api/audit-logs/export': 'its own entry in the log says what was searched for',
  'get /api/messages/export': 'as the export of the log',
};

/** Routes that cannot be shown to work with the rows that each party has; their own tests do. */
const REFUSED_TO_ALL: Readonly<Record<string, string>> = {
  'post /api/organizations/current/deletion': 'each party has a deletion under way',
};

/** What is answered to who asks for a row that is not his: that there is none, or that he may not do this at all. */
const TURNED_AWAY = /_not_found$|^not_permitted$|^person_required$|^operator_only$/;

const named = ({ method, path }: Operation): string => `${method} ${path}`;

/** Each place of a request filled with an id of theirs and the others with ours, and then all of them with theirs. */
function* trespasses(
  plan: RequestPlan,
  own: ReadonlyMap<IdSlot, string>,
  ours: Party,
): Generator<{ where: string; ids: ReadonlyMap<IdSlot, string> }> {
  const cross = (id: string) => counterpart(ours, theirs, id);
  for (const slot of plan.slots) {
    const ids = new Map([...own].map(([one, id]) => [one, one === slot ? cross(id) : id]));
    yield { where: `their ${slot.name}`, ids };
  }
  yield { where: 'all ids theirs', ids: new Map([...own].map(([one, id]) => [one, cross(id)])) };
}

/** Who sends it: somebody of another organization as such, in the name of theirs, or by a key of his own. */
async function disguises(ours: Party): Promise<[string, Record<string, string>][]> {
  const organization = { 'x-org-id': theirs.tenant.organization };
  const { token } = await anApiKey(api.database.admin, ours.tenant.organization, SCOPES);
  return [
    ['a stranger', ours.headers],
    ['a stranger in their name', { ...ours.headers, ...organization }],
    ["a stranger's key", { authorization: `Bearer ${token}` }],
    ["a stranger's key in their name", { authorization: `Bearer ${token}`, ...organization }],
  ];
}

/** What is wrong with an operation, in words; nothing, when strangers get nowhere with it. */
async function faultsOf(operation: Operation): Promise<string[]> {
  const faults: string[] = [];
  for (const plan of plansOf(operation)) {
    const ours = await parties.make('Ours');
    const before = { theirs: await parties.rowsOf(theirs), ours: await parties.rowsOf(ours) };
    const marks = marksOf(before.theirs, before.ours);
    const dressed = await disguises(ours);
    const { ids: found, answer } = await ownIds(api.url, plan, ours);
    const own = found ?? (named(operation) in REFUSED_TO_ALL ? new Map<IdSlot, string>() : undefined);
    if (!own) {
      faults.push(`${named(operation)}: its owner cannot be shown to get through: ${answer?.status} ${answer?.text}`);
      continue;
    }
    for (const { where, ids } of trespasses(plan, own, ours))
      for (const [who, headers] of dressed) {
        const { text, status, code } = await send(api.url, plan, ids, headers);
        const what = `${named(operation)} by ${who}, ${where}`;
        const shown = marks.filter((mark) => text.includes(mark) && ![...ids.values()].includes(mark));
        if (shown.length > 0) faults.push(`${what}: shows ${shown.join(', ')}`);
        if (status >= 500) faults.push(`${what}: ${status}`);
        const asksForTheirs = Object.values(plan.path).some(
          (slot) => ids.get(slot as IdSlot) !== own.get(slot as IdSlot),
        );
        if (asksForTheirs && !openRoutes.has(named(operation)) && !TURNED_AWAY.test(code ?? ''))
          faults.push(`${what}: ${status} ${code}`);
      }
    const after = { theirs: await parties.rowsOf(theirs), ours: (await parties.rowsOf(ours)).join('\n') };
    if (after.theirs.join('\n') !== before.theirs.join('\n'))
      faults.push(`${named(operation)}: changes rows of theirs`);
    const planted = [...theirs.ids.values()].flat().filter((id) => after.ours.includes(id));
    if (planted.length > 0 && !(named(operation) in ECHOES))
      faults.push(`${named(operation)}: has rows of ours refer to theirs: ${planted.join(', ')}`);
  }
  return faults;
}

it('lets nobody at what is not his, by any route, with any id in any place', async () => {
  const faults: string[] = [];
  for (const operation of operations) faults.push(...(await faultsOf(operation)));
  expect(faults).toEqual([]);
  expect(operations.length).toBeGreaterThanOrEqual(30);
}, 300_000);

describe('this test', () => {
  const operation = (method: string, path: string): Operation => {
    const found = operations.find((one) => one.method === method && one.path === path);
    if (!found) throw new Error(`there is no ${method} ${path}`);
    return found;
  };

  it('finds out a house that works in whatever organization is asked for', async () => {
    jest.spyOn(Memberships.prototype, 'resolve').mockImplementation((_, asked) =>
      Promise.resolve({
        organization: OrganizationId.parse(asked),
        role: 'owner',
        standing: { suspendedBecause: null, deletedFrom: null },
      }),
    );
    const unnoticed: string[] = [];
    for (const one of operations.filter(
      ({ path, method }) =>
        method === 'get' && /sessions|messages|conversations|members/.test(path) && !path.startsWith('/api/operator/'), // which asks for no membership
    ))
      if ((await faultsOf(one)).length === 0) unnoticed.push(named(one));
    expect(unnoticed).toEqual([]);
  });

  it('finds out a house whose transactions see another organization', async () => {
    const db = api.app.get(TenantDb);
    const asTenant = db.asTenant.bind(db);
    jest.spyOn(db, 'asTenant').mockImplementation((_, work) => asTenant(theirs.tenant.organization, work) as never);
    expect(await faultsOf(operation('get', '/api/members'))).not.toEqual([]);
    expect(await faultsOf(operation('get', '/api/sessions'))).not.toEqual([]);
  });

  it('says in words what it cannot fill in', () => {
    const schema = {
      type: 'object',
      properties: { code: { type: 'string', pattern: '^[0-9]{6}$' } },
      required: ['code'],
    };
    const strange: Operation = {
      method: 'post',
      path: '/api/strange',
      parameters: [],
      body: { type: 'application/json', schema },
    };
    expect(() => plansOf(strange)).toThrow(CannotFill);
    expect(() => plansOf(strange)).toThrow(/cannot fill in post \/api\/strange, code: say an example/);
  });

  it('says in words what its owner does not get through with', async () => {
    const strange: Operation = { ...operation('get', '/api/sessions/{id}'), path: `/api/${randomUUID()}/{id}` };
    expect(await faultsOf(strange)).toContainEqual(expect.stringMatching(/cannot be shown to get through: 404/));
  });
});
