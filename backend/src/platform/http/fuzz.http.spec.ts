import { Agent, request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Clock } from '../../kernel/clock.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { Problem } from '../../kernel/problem.ts';
import { PROBLEMS } from '../../problem-catalogue.ts';
import { type Operation, operationsOf } from '../../testing/api-requests.ts';
import { aConversation, anApiKey, aSession, aSuperAdmin } from '../../testing/factories.ts';
import { HastyClock } from '../../testing/hasty-clock.ts';
import { type HostileRequest, requestsTo } from '../../testing/hostile-values.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';

/**
 * Requests made up from the description of the API, valid and hostile. Another seed than today's is tried with
 * FUZZ_SEED=1234, more requests with FUZZ_REQUESTS; a failure says the seed.
 */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 20_000);
const CONCURRENCY = 8;

/** Routes that wait for a code that nobody shows, or for an answer that nobody gives. */
const WAITING = /^post \/api\/(sessions\/(create|init|\{id\}\/connect)|contacts\/check)$/;
const WAITING_REQUESTS_MAX = 40;

const WORLDS = 30;

const CODES = new Set(PROBLEMS.map(({ code }) => code));

/** Stacks, statements, files and libraries of ours. */
const INSIDE =
  /\bat \S+ \(|node_modules|\/backend\/|\.ts:\d|file:\/\/|\b(select|insert into|update|delete from) [\w."]+ |prisma|postgres|pg_|violates|syntax error at|\bE(CONN|NOENT)|Cannot read prop|undefined is not|is not a function|\bnest\b|JSON at position|Unexpected token/i;

let api: TestApi;
let dana: TestPerson;
/** Runs the installation. What he suspends is another organization, or in hers nothing could be changed any more. */
let operator: TestPerson;
let theirs: Tenant;
let operations: Operation[];
let ids: string[];
const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

beforeAll(async () => {
  api = await startApi({ LOG_LEVEL: 'silent' }, (testing) => testing.overrideProvider(Clock).useClass(HastyClock));
  dana = await api.signUpOwner('Dana');
  operations = await operationsOf(api.url);
  operator = await api.signUp('Omar');
  theirs = await aTenant(api.database.admin);
  await aSuperAdmin(api.database.admin, await operator.id());
  const organization = OrganizationId.parse(dana.organization);
  const { admin } = api.database;
  const { rows } = await admin.query<{ id: string }>('select id from users');
  const user = rows[0]?.id as never;
  ids = [organization, user];
  // As many as are deleted, retried and cancelled on the way.
  for (let n = 0; n < WORLDS; n++) {
    const session = await aSession(admin, organization, { is_default: n === 0 });
    const made = await aConversation(admin, { organization, session, user });
    const { id: key } = await anApiKey(admin, organization, ['read']);
    ids.push(session, session, key, ...Object.values(made));
  }
});
afterAll(async () => {
  agent.destroy();
  await api.close();
}, 180_000);

type Answer = Readonly<{ status: number; type: string; text: string }>;

/** As bytes, past what `fetch` would put right. */
const send = ({ method, path, headers, body }: HostileRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      `${api.url}${path}`,
      {
        agent,
        method,
        headers: {
          authorization: `Bearer ${(isOperators(path) ? operator : dana).token}`,
          'x-org-id': dana.organization,
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        );
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });

/** What is wrong with an answer; undefined for a good one. */
function faultOf({ status, type, text }: Answer): string | undefined {
  if (status >= 500) return `${status} ${text}`;
  if (status < 400) return undefined;
  if (!type.startsWith('application/problem+json')) return `${status} as ${type}`;
  const problem = Problem.safeParse(JSON.parse(text));
  if (!problem.success) return `no problem: ${text}`;
  if (problem.data.type !== 'about:blank' && !CODES.has(problem.data.code)) return `an unknown code: ${text}`;
  if (problem.data.type === 'about:blank' && problem.data.detail !== undefined) return `says too much: ${text}`;
  return INSIDE.test(text) ? `shows our inside: ${text}` : undefined;
}

const isOperators = (path: string): boolean => path.startsWith('/api/operator/');

const named = ({ method, path }: Operation): string => `${method} ${path}`;

/** What is made on the way is taken away again, or every list would become longer with every request. */
const tidy = async (): Promise<void> => {
  const { admin } = api.database;
  await admin.query('delete from organizations where id <> all ($1)', [[dana.organization, theirs.organization]]);
  await admin.query('delete from private.invitations');
  await admin.query('delete from private.api_keys where id <> all ($1)', [ids]);
};

/** Equal shares, but for the routes that wait. */
function requests(): [Operation, HostileRequest][] {
  const waiting = operations.filter((operation) => WAITING.test(named(operation)));
  const share = Math.ceil((REQUESTS - waiting.length * WAITING_REQUESTS_MAX) / (operations.length - waiting.length));
  const byOperation = operations.map((operation) =>
    fc
      .sample(requestsTo(operation, isOperators(operation.path) ? [theirs.organization, theirs.conversation] : ids), {
        seed: SEED,
        numRuns: waiting.includes(operation) ? WAITING_REQUESTS_MAX : share,
      })
      .map((made): [Operation, HostileRequest] => [operation, made]),
  );
  return Array.from({ length: share }, (_, n) => byOperation.flatMap((list) => list.slice(n, n + 1))).flat();
}

describe('hostile requests', () => {
  it(`of which ${REQUESTS} are made up with seed ${SEED} are all answered as described`, async () => {
    const all = requests();
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    let next = 0;
    const worker = async () => {
      for (let one = all[next++]; one !== undefined; one = all[next++]) {
        const [operation, made] = one;
        if (next % 500 === 0) await tidy();
        const answer = await send(made).catch((error: unknown) => ({ status: 599, type: '', text: String(error) }));
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = faultOf(answer);
        if (fault) faults.push(`${named(operation)} (seed ${SEED}): ${fault}\n${JSON.stringify(made).slice(0, 2000)}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    expect(faults.slice(0, 20)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(REQUESTS);
    // The operator got through to what he may, reasons and all.
    const { rows } = await api.database.admin.query<{ action: string }>(
      'select distinct action from private.operator_audit_logs where actor_id = $1 order by 1',
      [await operator.id()],
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['organization.looked_at', 'organization.suspended', 'organization.unsuspended']),
    );
    // Neither turned away at the door, nor all of them nonsense.
    for (const status of [200, 422]) expect(statuses.get(status)).toBeGreaterThan(REQUESTS / 20);
    expect(statuses.get(401) ?? 0).toBeLessThan(REQUESTS / 100);
  }, 900_000);
});
