import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as contract from '../../contract.ts';
import { callsIn, dashboardCalls, type DashboardCall } from '../../testing/dashboard-calls.ts';
import { type Route, routesOf } from '../../testing/routes.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
let routes: Route[];

beforeAll(async () => {
  api = await startApi();
  routes = routesOf(api.app);
});
afterAll(() => api.close());

const schemas: Readonly<Record<string, unknown>> = contract;
const shapeOf = (path: string): string => path.replaceAll(/\{\w*\}/g, '{}');

/** What is wrong with a call: the route does not exist, or answers with another schema than the call names. */
function wrongWith({ name, method, path, where }: DashboardCall): string[] {
  const route = routes.find((one) => one.method === method && shapeOf(one.path) === path);
  if (!route) return [`${where}: there is no ${method} ${path}`];
  const expected = name === null ? undefined : schemas[name];
  return expected === route.answer ? [] : [`${where}: ${method} ${path} does not answer with ${name ?? 'nothing'}`];
}

describe('what the dashboard expects of the API', () => {
  it('is what the routes answer, call by call: the very schema of the contract', () => {
    const calls = dashboardCalls();
    expect(calls.length).toBeGreaterThan(30);
    expect(calls.flatMap(wrongWith)).toEqual([]);
  });

  it.each([
    [`call('MeView', '/me')`, []],
    [`call('SessionView', \`/sessions/\${id}\`, patch({}))`, []],
    [`send(\`/sessions/\${encodeURIComponent(id)}\`, { method: 'DELETE' })`, []],
    [`call('OrganizationView', '/me')`, ['x: get /api/me does not answer with OrganizationView']],
    [`call('MeView', '/you')`, ['x: there is no get /api/you']],
    [`send('/me', patch({}))`, ['x: patch /api/me does not answer with nothing']],
  ])('is seen in %s', (source, wrong) => {
    expect(callsIn(source, 'x').flatMap(wrongWith)).toEqual(wrong);
  });

  it('has to be written so that it can be read', () => {
    expect(() => callsIn('call(name, path)', 'x')).toThrow('x: write call');
  });
});
