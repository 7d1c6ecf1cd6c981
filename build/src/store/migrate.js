// Applies prisma/migrations at start, with Prisma's own bookkeeping, so that either can go on where the other stopped.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
/** A database that cannot be brought to this version. The message says what to do. */
export class MigrationError extends Error {
    code;
    constructor(code, message, cause) {
        super(message, { cause });
        this.name = 'MigrationError';
        this.code = code;
    }
}
/** The advisory lock of Prisma's own migrate commands, so that theirs and ours never run at once. */
const PRISMA_LOCK = 72707369;
/** How long to wait for another process that migrates the same database. */
const LOCK_WAIT = '5min';
const LOCK_NOT_AVAILABLE = '55P03'; // SQLSTATE
/** Column for column what Prisma creates. */
const CREATE_BOOKKEEPING = `CREATE TABLE _prisma_migrations (
  id varchar(36) PRIMARY KEY,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;
/**
 * Applies to the database at `url` those scripts of `folder` (`<name>/migration.sql`, in the order of their names)
 * that it does not have yet, and returns their names. Each runs in one transaction together with its bookkeeping, so a
 * process killed half-way leaves nothing. Of several processes at once one applies and the others wait for it.
 * Throws a MigrationError when the database is newer than the folder, does not match it, or a script fails.
 */
export async function migrate(url, folder) {
    const migrations = await readMigrations(folder);
    const client = await connect(url);
    try {
        await takeLock(client);
        const rows = await readBookkeeping(client);
        for (const row of rows)
            refuseMismatch(row, migrations);
        const done = new Set(rows.map((row) => row.migration_name));
        const pending = migrations.filter(({ name }) => !done.has(name));
        for (const migration of pending)
            await apply(client, migration);
        return { applied: pending.map(({ name }) => name) };
    }
    finally {
        await client.end(); // gives the lock back, too
    }
}
async function apply(client, { name, sql }) {
    await client.query('BEGIN');
    try {
        await client.query(sql);
        await client.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`, [randomUUID(), sha256(sql), name]);
        await client.query('COMMIT');
    }
    catch (error) {
        await client.query('ROLLBACK').catch(() => undefined); // the first error is the one to tell
        throw new MigrationError('failed', `Migration ${name} failed and was undone: ${reasonOf(error)}. Mend the cause and start again.`, error);
    }
}
/** Throws unless this row is of a script that the folder has, unchanged, and that came to its end. */
function refuseMismatch(row, migrations) {
    const name = row.migration_name;
    if (row.finished_at === null) {
        throw new MigrationError('unfinished', `Migration ${name} was begun on this database by Prisma and did not end well. ` +
            `Look at what it left, then run: npx prisma migrate resolve --rolled-back ${name}`);
    }
    const migration = migrations.find((known) => known.name === name);
    if (migration === undefined) {
        throw new MigrationError('unknown-migration', `The database has migration ${name}, which this version does not know. Start the newer version instead.`);
    }
    if (!checksums(migration.sql).includes(row.checksum)) {
        throw new MigrationError('edited', `Migration ${name} was changed after it had been applied. Put its file back and write a further migration.`);
    }
}
async function readMigrations(folder) {
    try {
        const entries = await readdir(folder, { withFileTypes: true });
        const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
        const read = async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') });
        return await Promise.all(names.sort().map(read));
    }
    catch (error) {
        throw new MigrationError('no-migrations', `The migrations cannot be read: ${reasonOf(error)}.`, error);
    }
}
async function connect(url) {
    try {
        const options = { options: '-c timezone=UTC', application_name: 'countersign migrate' };
        const client = new pg.Client({ connectionString: url, ...options });
        client.on('error', () => undefined); // the query under way reports a lost connection
        await client.connect();
        return client;
    }
    catch (error) {
        // No cause: an invalid address carries its password along.
        throw new MigrationError('unreachable', `The database cannot be reached: ${reasonOf(error)}. Check DATABASE_URL.`);
    }
}
async function takeLock(client) {
    try {
        await client.query(`SET lock_timeout = '${LOCK_WAIT}'`);
        await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
        await client.query('RESET lock_timeout');
    }
    catch (error) {
        if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE)
            throw error;
        throw new MigrationError('busy', 'Another process is migrating this database and does not end. Stop it first.', error);
    }
}
/** The rows that count, oldest first; makes the table on a database that has no tables at all. */
async function readBookkeeping(client) {
    const tables = await client.query(`SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace`);
    if (!tables.rows.some(({ relname }) => relname === '_prisma_migrations')) {
        if (tables.rows.length > 0) {
            throw new MigrationError('not-empty', "The database holds another program's tables. Give Countersign an empty one.");
        }
        await client.query(CREATE_BOOKKEEPING);
    }
    const { rows } = await client.query(`SELECT migration_name, checksum, finished_at FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at`);
    return rows;
}
/** The sums that Prisma accepts: of the text as it is, and with either kind of line end (a checkout may change them). */
function checksums(sql) {
    const unix = sql.replaceAll('\r\n', '\n');
    return [sql, unix, unix.replaceAll('\n', '\r\n')].map(sha256);
}
function sha256(text) {
    return createHash('sha256').update(text, 'utf8').digest('hex');
}
/** Node leaves the message of a refused connection to "localhost" empty and gives only a code. */
function reasonOf(error) {
    if (!(error instanceof Error))
        return String(error);
    if (error.message !== '')
        return error.message;
    return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
