import { describe, expect, it } from '@jest/globals';
import { checkLocks } from './lock-check.ts';
import { readMigrations } from './migration-files.ts';

const BEFORE = 'create table letters (id int, body text); create table private.stamps (id int)';

/** What is said of migrations that come after the tables were made. */
const said = (...migrations: string[]): Promise<string[]> =>
  checkLocks(
    [BEFORE, ...migrations].map((sql, n) => ({ name: `2026010${n}000000_step`, sql, checksum: '' })),
    '20260100000000_step',
  );

const rulesOf = async (...migrations: string[]): Promise<string[]> =>
  (await said(...migrations)).map((line) => /:\d+: (.+?)[ :]/.exec(line)?.[1] ?? line);

describe('refuses for a table that was there before', () => {
  it.each([
    ['index-blocks-writes', 'create index letters_by_body on letters (body)'],
    ['concurrently-alone', 'create index concurrently letters_by_body on letters (body)'],
    ['concurrently-alone', 'select 1; create index concurrently if not exists letters_by_body on letters (body)'],
    ['concurrently-alone', 'select 1; drop index concurrently if exists letters_by_body'],
    ['volatile-default', 'alter table letters add column token uuid default gen_random_uuid()'],
    ['volatile-default', 'alter table letters add column number bigserial'],
    ['volatile-default', 'alter table letters add column seen timestamptz not null default clock_timestamp()'],
    ['rewrites-table', 'alter table letters add column number int generated always as identity'],
    ['rewrites-table', 'alter table letters add column size int generated always as (length(body)) stored'],
    ['not-null', 'alter table letters add column sender text not null'],
    ['not-valid-first', 'alter table letters add column sender int references private.stamps (id)'],
    ['not-valid-first', `alter table letters add column sender text check (sender <> '')`],
    ['not-valid-first', `alter table letters add constraint worded check (body <> '')`],
    ['not-valid-first', 'alter table letters add constraint worded foreign key (id) references private.stamps (id)'],
    ['validate-alone', 'alter table letters validate constraint worded; select 1'],
    ['unique-by-index', 'alter table letters add constraint one unique (id)'],
    ['unique-by-index', 'alter table letters add column code text unique'],
    ['rewrites-table', 'alter table private.stamps alter column id type bigint'],
    ['not-null', 'alter table letters alter column body set not null'],
    ['waits-for-all', 'lock table letters in exclusive mode'],
    ['waits-for-all', 'truncate letters'],
    ['whole-table', `update letters set body = ''`],
    ['whole-table', 'delete from letters where id = 1'],
    ['whole-table', 'with gone as (delete from letters returning 1) select count(*) from gone'],
    ['whole-table', `-- repeat until nothing is left\nupdate letters set body = '' where body is null`],
    ['breaks-running-version', 'alter table letters drop column body'],
    ['breaks-running-version', 'alter table letters rename column body to words'],
    ['breaks-running-version', 'drop table private.stamps'],
    ['unreadable', 'do $$ begin delete from letters; end $$'],
  ])('%s: %s', async (rule, sql) => {
    expect(await rulesOf(sql)).toEqual([rule]);
  });
});

describe('takes', () => {
  it.each([
    ['create index concurrently if not exists letters_by_body on letters (body)'],
    ['drop index concurrently if exists letters_by_body'],
    ['alter table letters add column sender text'],
    [`alter table letters add column state text not null default 'new'`],
    ['alter table letters add column seen timestamptz not null default now()'],
    [`alter table letters add constraint worded check (body <> '') not valid`],
    ['alter table letters validate constraint worded'],
    ['alter table letters add constraint one unique using index letters_by_id'],
    ['create table parcels (id int primary key, letter int unique); create index on parcels (letter)'],
    [
      `-- repeat as app_system until nothing is left\nupdate letters set body = '' where id in (select id from letters where body is null limit 5000)`,
    ],
    ['alter table letters drop constraint worded'],
  ])('%s', async (sql) => {
    expect(await said(sql)).toEqual([]);
  });

  it('set not null once a check of the same was validated in an earlier migration, and of no other column', async () => {
    const add = 'alter table letters add constraint has_body check (body is not null) not valid';
    const validate = 'alter table letters validate constraint has_body';
    expect(await said(add, validate, 'alter table letters alter column body set not null')).toEqual([]);
    expect(await rulesOf(add, validate, 'alter table letters alter column id set not null')).toEqual(['not-null']);
    expect(await rulesOf(add, 'alter table letters alter column body set not null')).toEqual(['not-null']);
  });
});

it('says where, and how to do without', async () => {
  expect(await said('-- why\nselect 1;\n\n-- how\ncreate index on letters (body)')).toEqual([
    expect.stringMatching(
      /^20260101000000_step\/migration\.sql:5: index-blocks-writes \(public\.letters\): .*create index concurrently/,
    ),
  ]);
});

it('lets pass what a comment above it allows with a reason, and nothing else', async () => {
  const index = 'create index on letters (body)';
  const allow = '-- allow index-blocks-writes: a hundred rows in the largest house';
  expect(await said(`${allow}\n${index}`)).toEqual([]);
  expect(await said(`${allow}\n${index};\n${index}`)).toEqual([expect.stringContaining(':3: index-blocks-writes')]);
  expect(await said(`-- allow index-blocks-writes: small\n${index}`)).toEqual([
    expect.stringContaining('has no reason'),
  ]);
  expect(await said(`${allow}\nselect 1`)).toEqual([expect.stringContaining('allows nothing here')]);
});

it('finds nothing in the migrations of this product', async () => {
  expect(await checkLocks(readMigrations())).toEqual([]);
});
