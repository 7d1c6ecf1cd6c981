// A database of its own for each test file.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  /** Ends whatever is still connected and removes it. */
  drop(): Promise<void>;
}

const OBJECT_IN_USE = '55006'; // SQLSTATE: somebody is connected to the template
const TRIES = 100;
const PAUSE_MS = 50;

/** A new database with our migrations in it; `empty` gives one without any table. */
export async function freshDatabase(kind: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const server = new URL(serverUrl());
  const template = kind === 'empty' ? 'template0' : server.pathname.slice(1);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: at(name), drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Runs one statement, again while the template is in use. */
async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: at('postgres') });
  await client.connect();
  try {
    for (let tries = 1; !(await succeeds(client, statement, tries)); tries += 1) await sleep(PAUSE_MS);
  } finally {
    await client.end();
  }
}

async function succeeds(client: pg.Client, statement: string, tries: number): Promise<boolean> {
  try {
    await client.query(statement);
    return true;
  } catch (error) {
    const inUse = error instanceof pg.DatabaseError && error.code === OBJECT_IN_USE;
    if (!inUse || tries === TRIES) throw error;
    return false;
  }
}

function at(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function serverUrl(): string {
  const url = process.env.COUNTERSIGN_TEST_URL;
  if (url === undefined) throw new Error('no test server: run the tests with npm test');
  return url;
}
