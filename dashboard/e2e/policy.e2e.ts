import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Visit } from './visit.ts';

let visit: Visit;

beforeAll(async () => {
  visit = await Visit.start();
}, 180_000);
afterAll(() => visit.close());

const PAGES = ['/', '/sign-in', '/sign-up', '/join', '/nowhere'];
const WITHIN = ['/overview', '/numbers', '/inbox', '/activity', '/settings', '/settings/members', '/settings/api-keys'];

const scriptSources = (policy = '') => /script-src ([^;]*)/.exec(policy)?.[1] ?? '';

it('runs no script but those of the page, and the page needs no others', async () => {
  const page = await visit.open({ as: await visit.house.register(0, 'Acme') });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  const policies = new Set<string>();
  for (const path of [...PAGES, ...WITHIN]) {
    const response = await page.goto(`${visit.url}${path}`);
    const policy = response?.headers()['content-security-policy'];
    expect({ [path]: scriptSources(policy) }).toEqual({
      [path]: expect.stringMatching(/^'self' 'nonce-[\w+/]+={0,2}' 'strict-dynamic'$/),
    });
    expect(response?.headers()['permissions-policy']).toMatch(/^microphone=\(self\), camera=\(\)/);
    policies.add(scriptSources(policy));
    await page.waitForLoadState('networkidle');
    expect({ [path]: await page.locator('h1, h2, main').count() }).not.toEqual({ [path]: 0 });
  }
  expect(complaints).toEqual([]);
  expect(policies.size).toBe(PAGES.length + WITHIN.length); // no nonce twice
}, 120_000);

it('does not run what somebody smuggled into a page', async () => {
  const page = await visit.open();
  await page.goto(`${visit.url}/sign-in`);
  const ran = await page.evaluate(async () => {
    const hostile = document.createElement('div');
    hostile.innerHTML = `<img src="data:," onerror="window.smuggled = 'handler'"><a href="javascript:window.smuggled='link'">x</a>`;
    document.body.append(hostile);
    const refused = new Promise((resolve) =>
      document.addEventListener('securitypolicyviolation', resolve, { once: true }),
    );
    hostile.querySelector('a')?.click();
    await refused;
    return (window as { smuggled?: string }).smuggled;
  });
  expect(ran).toBeUndefined();
  const framed = await visit.open();
  await framed.setContent(`<iframe src="${visit.url}/sign-in"></iframe>`);
  expect(
    await framed
      .frames()[1]
      ?.evaluate(() => document.body.innerText)
      .catch(() => ''),
  ).not.toContain('Sign in');
});
