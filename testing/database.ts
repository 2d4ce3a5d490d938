import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of one test's own. */
export type TestDatabase = {
  /** As the role that the product logs in as: it owns the database, but is no superuser and bypasses no row security. */
  url: string;
  /** As the superuser, for arranging and checking what the product may not. */
  adminUrl: string;
  /** Closes whatever is still connected to it. */
  drop(): Promise<void>;
};

/** Migrated and without rows: a copy of this test run's template, which takes some 30 ms; any number may be made in parallel. */
export const createTestDatabase = (): Promise<TestDatabase> => createDatabase(fromGlobalSetup('TEST_PG_TEMPLATE'));

/** As Postgres makes it, for tests of the migrations themselves. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createDatabase('template0');

async function createDatabase(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(`create database ${name} template ${template} owner wasel`);
  const adminUrl = new URL(fromGlobalSetup('TEST_PG_ADMIN_URL'));
  adminUrl.pathname = name;
  return {
    url: fromGlobalSetup('TEST_PG_LOGIN_URL_BASE') + name,
    adminUrl: adminUrl.href,
    drop: () => execute(`drop database if exists ${name} with (force)`),
  };
}

async function execute(sql: string): Promise<void> {
  const admin = new Client({ connectionString: fromGlobalSetup('TEST_PG_ADMIN_URL') });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}

function fromGlobalSetup(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run this under Jest, whose global setup sets it.`);
  return value;
}
