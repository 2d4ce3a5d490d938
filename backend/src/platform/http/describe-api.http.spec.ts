import { Controller, Get } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { launchBrowser } from '../../../../testing/browser.ts';
import { routesIn, routesOf } from '../../testing/routes.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

type Operation = { operationId: string; tags?: string[]; security?: unknown[]; responses: Record<string, unknown> };
type Description = { openapi: string; paths: Record<string, Record<string, Operation>> };

let api: TestApi;
let description: Description;

beforeAll(async () => {
  api = await startApi();
  description = (await (await fetch(`${api.url}/api/openapi.json`)).json()) as Description;
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, ...operation })),
  );

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(description))).toEqual({ valid: true });
    expect(description.openapi).toBe('3.1.0');
    const broken = structuredClone(description) as { paths: Record<string, unknown> };
    broken.paths['/api/me'] = { get: { responses: 'none' } };
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
  });

  it('has every route of the application, and nothing else', () => {
    const routes = routesOf(api.app).map(({ method, path }) => `${method} ${path}`);
    expect(
      operations()
        .map(({ route }) => route)
        .toSorted(),
    ).toEqual(routes.toSorted());
    expect(routes).toContain('post /api/messages/send');
  });

  it('says of every operation what group it is in, what success is, and how it fails', () => {
    const poor = operations().filter(
      ({ tags = [], responses }) =>
        tags.length !== 1 ||
        !('default' in responses) ||
        !Object.keys(responses).some((status) => /^2\d\d$/.test(status)),
    );
    expect(poor.map(({ route }) => route)).toEqual([]);
  });

  it('asks for a token wherever the guard does', () => {
    const open = operations().filter(({ security }) => security?.length === 0);
    const isPublic = routesOf(api.app).filter(({ requirement }) => requirement === 'public');
    expect(open.map(({ route }) => route).toSorted()).toEqual(
      isPublic.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });
});

describe('every route', () => {
  @Controller('careless')
  class Careless {
    @Get()
    forgotten() {
      return {};
    }
  }

  const withoutRequirement = (routes: ReturnType<typeof routesOf>) =>
    routes.filter(({ requirement }) => requirement === undefined).map(({ handler }) => handler);

  it('says who may call it', () => {
    expect(withoutRequirement(routesOf(api.app))).toEqual([]);
    expect(withoutRequirement(routesIn(Careless))).toEqual(['Careless.forgotten']);
  });

  it('that is not public turns away whoever has no token, before it looks at anything else', async () => {
    for (const { method, path, requirement } of routesOf(api.app)) {
      const { status } = await fetch(`${api.url}${path.replaceAll(/\{\w+\}/g, 'nobody')}`, {
        method: method.toUpperCase(),
      });
      expect({ [`${method} ${path}`]: status === 401 }).toEqual({ [`${method} ${path}`]: requirement !== 'public' });
    }
  });
});

describe('/api/docs', () => {
  it('renders under the policy that is sent with it, and loads nothing from elsewhere', async () => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const asked = new Set<string>();
      const complaints: string[] = [];
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
      page.on('pageerror', (error) => complaints.push(error.message));
      const response = await page.goto(`${api.url}/api/docs`);
      expect(response?.headers()['content-security-policy']).toContain(`default-src 'self'`);
      expect(response?.headers()['content-security-policy']).not.toMatch(/https?:|upgrade-insecure-requests/);
      await page.locator('.opblock-tag[data-tag="Messages"]').click();
      await page.getByText('/api/messages/send', { exact: true }).click();
      await page.getByText('Repeated with the same body').waitFor();
      expect([...asked].filter((origin) => !origin.startsWith('data:') && origin !== 'null')).toEqual([api.url]);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
