import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { createLog } from './logger.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

it('says what Postgres refused, and nothing of the row that it refused', async () => {
  let lines = '';
  const log = createLog('info', undefined, { write: (line) => void (lines += line) });
  const refused = await database.admin
    .query(
      `create temporary table letters (text text check (length(text) < 5)); insert into letters values ('my darling')`,
    )
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  expect(refused).toMatchObject({ code: '23514', detail: expect.stringContaining('my darling') });
  log.error({ err: new Error('not stored', { cause: refused }) }, 'failed');
  expect(JSON.parse(lines)).toMatchObject({
    msg: 'failed',
    err: { type: 'Error', message: 'not stored', cause: { type: 'error', code: '23514' } },
  });
  expect(lines).not.toContain('my darling');
});
