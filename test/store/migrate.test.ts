// Migrations on real databases, with Prisma's bookkeeping checked column by column.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/store/migrate.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const FIRST = 'CREATE TABLE first (id int);\nCREATE INDEX ON first (id);\n';
const SECOND = 'CREATE TABLE second (id int);\n';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await freshDatabase('empty');
  folder = await mkdtemp(join(tmpdir(), 'countersign-migrations-'));
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

async function script(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function tables(): Promise<unknown[]> {
  const rows = await query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");
  return rows.map((row) => row.tablename);
}

describe('migrate', () => {
  it('applies what is missing, in the order of the names, and then finds nothing to do', async () => {
    await script('2_second', 'ALTER TABLE first ADD COLUMN name text;');
    await script('1_first', FIRST);
    expect(await migrate(database.url, folder)).toEqual({ applied: ['1_first', '2_second'] });
    expect(await migrate(database.url, folder)).toEqual({ applied: [] });
    await script('3_third', SECOND);
    expect(await migrate(database.url, folder)).toEqual({ applied: ['3_third'] });
  });

  it('keeps the rows that Prisma would keep', async () => {
    await script('1_first', FIRST);
    await migrate(database.url, folder);
    expect(await query('SELECT * FROM _prisma_migrations')).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        checksum: createHash('sha256').update(FIRST).digest('hex'),
        migration_name: '1_first',
        finished_at: expect.any(Date),
        started_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      },
    ]);
  });

  it('keeps them in the table that Prisma would make', async () => {
    await migrate(database.url, folder);
    const columns = await query(
      `SELECT format('%s %s%s', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN ' not null' ELSE '' END) AS column
       FROM pg_attribute WHERE attrelid = '_prisma_migrations'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    expect(columns.map(({ column }) => column)).toEqual([
      'id character varying(36) not null',
      'checksum character varying(64) not null',
      'finished_at timestamp with time zone',
      'migration_name character varying(255) not null',
      'logs text',
      'rolled_back_at timestamp with time zone',
      'started_at timestamp with time zone not null',
      'applied_steps_count integer not null',
    ]);
  });

  it('is done once when several processes start at once', async () => {
    await script('1_first', FIRST);
    const results = await Promise.all(Array.from({ length: 6 }, () => migrate(database.url, folder)));
    expect(results.flatMap(({ applied }) => applied)).toEqual(['1_first']);
    expect(await query('SELECT migration_name FROM _prisma_migrations')).toHaveLength(1);
  });

  it('waits for a migrate command of Prisma', async () => {
    await script('1_first', FIRST);
    const prisma = new pg.Client({ connectionString: database.url });
    await prisma.connect();
    await prisma.query('SELECT pg_advisory_lock(72707369)');
    const ours = migrate(database.url, folder);
    const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()";
    while ((await prisma.query(waiting)).rowCount === 0);
    expect(await tables()).toEqual([]);
    await prisma.end();
    expect(await ours).toEqual({ applied: ['1_first'] });
  });
});

describe('a script that fails', () => {
  it('is undone as a whole and tried again at the next start', async () => {
    await script('1_first', FIRST);
    await script('2_bad', `${SECOND}SELECT 1 / 0;`);
    await script('3_third', 'CREATE TABLE third ();');
    await expect(migrate(database.url, folder)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('2_bad failed and was undone: division by zero'),
    });
    expect(await tables()).toEqual(['_prisma_migrations', 'first']);
    await script('2_bad', SECOND);
    expect(await migrate(database.url, folder)).toEqual({ applied: ['2_bad', '3_third'] });
  });
});

describe('a database is refused', () => {
  const refused = (code: string) => expect(migrate(database.url, folder)).rejects.toMatchObject({ name: 'MigrationError', code });

  it('when a script was edited after it had been applied', async () => {
    await script('1_first', FIRST);
    await migrate(database.url, folder);
    await script('1_first', `${FIRST}-- edited`);
    await refused('edited');
  });

  it('but not when only the line ends changed', async () => {
    await script('1_first', FIRST);
    await migrate(database.url, folder);
    await script('1_first', FIRST.replaceAll('\n', '\r\n'));
    expect(await migrate(database.url, folder)).toEqual({ applied: [] });
  });

  it('when it is newer than this version', async () => {
    await script('1_first', FIRST);
    await script('2_newer', SECOND);
    await migrate(database.url, folder);
    await rm(join(folder, '2_newer'), { recursive: true });
    await refused('unknown-migration');
  });

  it('when Prisma began a migration that did not end, until that is resolved', async () => {
    await script('1_first', FIRST);
    await script('2_second', SECOND);
    await migrate(database.url, folder);
    await query(`DROP TABLE second; UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_second'`);
    await refused('unfinished');
    await query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '2_second'`); // migrate resolve
    expect(await migrate(database.url, folder)).toEqual({ applied: ['2_second'] });
  });

  it("when it holds another program's tables", async () => {
    await script('1_first', FIRST);
    await query('CREATE TABLE theirs ()');
    await refused('not-empty');
    expect(await tables()).toEqual(['theirs']);
  });

  it('when it cannot be reached, without telling its password', async () => {
    for (const url of ['postgresql://u:hunter2@127.0.0.1:1/x', 'postgresql://u:hunter2@[/x']) {
      const error: unknown = await migrate(url, folder).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'unreachable' });
      expect(JSON.stringify([String(error), error])).not.toContain('hunter2');
    }
  });
});

describe('the folder of migrations', () => {
  it('is refused when it is missing or incomplete', async () => {
    await expect(migrate(database.url, join(folder, 'none'))).rejects.toMatchObject({ code: 'no-migrations' });
    await mkdir(join(folder, '1_empty'));
    await expect(migrate(database.url, folder)).rejects.toMatchObject({ code: 'no-migrations' });
  });

  it('of this project brings an empty database to what the tests use', async () => {
    const { applied } = await migrate(database.url, 'prisma/migrations');
    const folders = await readdir('prisma/migrations', { withFileTypes: true });
    expect(applied).toHaveLength(folders.filter((entry) => entry.isDirectory()).length);
    expect(await tables()).toContain('AuditEntry');
  });
});
