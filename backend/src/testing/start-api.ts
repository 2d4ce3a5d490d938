import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { ApiCaller, signUp, tokenFor } from '../../../testing/api-caller.ts';
import { AppModule } from '../app.module.ts';
import { loadConfig } from '../config/config.ts';
import type { Role } from '../modules/auth/permissions.ts';
import { setUpHttp } from '../set-up-http.ts';
import { createLog, NestLogger } from '../platform/logging/logger.ts';
import { aMembership } from './factories.ts';
import { openDatabase, type OpenDatabase } from './open-database.ts';
import { someSecrets } from './settings.ts';

/** One process' worth of the real application, on a port of its own. */
export type TestNode = Readonly<{
  app: NestExpressApplication;
  url: string;
}>;

/** The real application on a database of its own. */
export type TestApi = TestNode &
  Readonly<{
    database: OpenDatabase;
    /** The directory that it keeps media in; goes with `close`. */
    files: string;
    /** Starts another node of the same application, on the same database; `close` ends it too. */
    anotherNode(): Promise<TestNode>;
    /** Signs a new person up. */
    signUp(name?: string): Promise<TestPerson>;
    /** Signs a new person up who founds an organization, and speaks in its name. */
    signUpOwner(name?: string, organization?: string): Promise<TestPerson>;
    /** Signs somebody up who has a role in the organization of `employer`, and speaks in its name. */
    hire(employer: { organization: string | undefined }, role: Role, name?: string): Promise<TestPerson>;
    close(): Promise<void>;
  }>;

type Answer<T> = { status: number; headers: Headers; body: T };

/** Somebody whose answers a test looks at, refusals included. */
export class TestPerson extends ApiCaller {
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>> {
    const response = await this.request(method, path, body, headers);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as T };
  }

  /** His own, which is also his name as a member. */
  async id(): Promise<string> {
    return (await this.call<{ id: string }>('GET', '/me')).body.id;
  }
}

/** Replaces a provider by another, as `(testing) => testing.overrideProvider(A).useClass(B)`. */
export type Override = (testing: TestingModuleBuilder) => TestingModuleBuilder;

export async function startApi(
  env: Record<string, string> = {},
  override: Override = (testing) => testing,
): Promise<TestApi> {
  const database = await openDatabase();
  const files = await mkdtemp(join(tmpdir(), 'wasel-files-'));
  const settings = {
    MEDIA_DIR: files,
    DATABASE_URL: database.url,
    ...someSecrets(),
    PORT: '0',
    LOG_LEVEL: 'error',
    RATE_LIMIT_FACTOR: '10000', // everybody in a test comes from one address
    NODE_ENV: 'test',
    // Where there is no sandbox, numbers are not run: a test never dials WhatsApp.
    ...(env['WHATSAPP_SANDBOX_URL'] ? {} : { SESSIONS_MAX: '0' }),
    ...env,
  };
  const nodes: TestNode[] = [];
  const anotherNode = async () => {
    const node = await startNode(settings, override);
    nodes.push(node);
    return node;
  };
  const { app, url } = await anotherNode();
  return {
    app,
    url,
    database,
    files,
    anotherNode,
    signUp: (name = 'Dana') => newPerson(url, name),
    signUpOwner: async (name = 'Dana', organization = 'Acme') => (await newPerson(url, name)).found(organization),
    hire: async ({ organization }, role, name = `the ${role}`) => {
      const person = await newPerson(url, name);
      await person.call('GET', '/me'); // is known from then on
      await aMembership(database.admin, organization, person.email, role);
      person.organization = organization;
      return person;
    },
    close: async () => {
      // A test may have stopped one of them itself.
      await Promise.all(
        nodes.filter(({ app: node }) => node.getHttpServer().listening).map((node) => node.app.close()),
      );
      await database.close();
      await rm(files, { recursive: true, force: true });
    },
  };
}

async function startNode(settings: Record<string, string>, override: Override): Promise<TestNode> {
  const testing = await override(Test.createTestingModule({ imports: [AppModule.of(loadConfig(settings))] })).compile();
  const app = testing.createNestApplication<NestExpressApplication>({
    bodyParser: false,
    logger: new NestLogger(createLog(settings['LOG_LEVEL'] ?? 'error')),
  });
  setUpHttp(app);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  return { app, url };
}

async function newPerson(url: string, name: string): Promise<TestPerson> {
  const email = `${randomUUID()}@example.com`;
  const cookie = await signUp(url, { email, password: randomUUID(), name });
  return new TestPerson(url, email, await tokenFor(url, cookie));
}
