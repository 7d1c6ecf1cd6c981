// An installation whose server dies and comes back: its database, its data folder, and the process on them.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { openParts, type Parts } from '../../src/app/parts.js';
import { readConfig } from '../../src/config.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { NEWS_CHANNEL } from '../../src/store/tell.js';
import { freshDatabase } from '../support/database.js';
import { Page } from './page.js';
import { ServerProcess } from './server-process.js';

const run = promisify(execFile);

const CLI = resolve('dist/cli/countersign.js');
/** Two hundred cards in a few minutes are what the limits are there to stop. */
const POLICY = `version: 1
limits: { challengesPerCardPerDay: 10000, requestsPerPersonPerDay: 10000, unblocksPerHour: 10000 }
rules:
  - name: manager or helpdesk
    approvals: [{ from: [manager, helpdesk], count: 1 }]
`;

/** 'server': a database on the PostgreSQL of the test run; 'embedded': the installation's own PostgreSQL. */
export type DatabaseKind = 'server' | 'embedded';

export class Installation {
  readonly kind: DatabaseKind;
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #drop: () => Promise<void>;
  #server: ServerProcess | null = null;
  #page: Page | null = null;
  #sql: pg.Client | null = null;

  private constructor(made: { kind: DatabaseKind; folder: string; env: Readonly<Record<string, string>>; drop: () => Promise<void> }) {
    this.kind = made.kind;
    this.folder = made.folder;
    this.#env = made.env;
    this.#drop = made.drop;
  }

  static async make(kind: DatabaseKind): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-crash-'));
    await chmod(folder, 0o755); // as root, the embedded PostgreSQL runs as another user
    const policy = join(folder, 'policy.yaml');
    await writeFile(policy, POLICY);
    const database = kind === 'server' ? await freshDatabase('empty') : null;
    const env = {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      COUNTERSIGN_DATA: join(folder, 'data'),
      COUNTERSIGN_POLICY: policy,
      COUNTERSIGN_LOG_LEVEL: 'warn',
      ...(database === null ? {} : { DATABASE_URL: database.url }),
    };
    return new Installation({ kind, folder, env, drop: async () => database?.drop() });
  }

  get page(): Page {
    if (this.#page === null) throw new Error('the server is not up');
    return this.#page;
  }

  inData(name: string): string {
    return join(this.folder, 'data', name);
  }

  /** Starts the process, without waiting for it. */
  launch(): ServerProcess {
    this.#server = new ServerProcess({ env: this.#env, args: ['--playground'], folder: this.folder, ownGroup: this.kind === 'embedded' });
    return this.#server;
  }

  /** Starts the server, waits until it is ready and opens its page. */
  async start(): Promise<void> {
    this.#page = await Page.open(await this.launch().address());
    await this.#page.ready();
  }

  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  /** Tells the server to leave. Its exit code. */
  async stop(): Promise<number | null> {
    await this.#sql?.end();
    this.#sql = null;
    return (await this.#server?.stop()) ?? null;
  }

  faults(): readonly string[] {
    return this.#server?.faults() ?? [];
  }

  /** Runs a command of the command line beside the server, or after it. What it prints; throws unless it exits with 0. */
  async countersign(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [CLI, ...args], { env: { ...this.#env }, cwd: this.folder });
    return stdout;
  }

  async rows<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    this.#sql ??= await this.#connect();
    return (await this.#sql.query<Row>(sql, [...values])).rows;
  }

  /** Resolves when the next step is committed: that is when PostgreSQL tells the couriers. */
  async nextCommit(): Promise<void> {
    this.#sql ??= await this.#connect();
    await once(this.#sql, 'notification');
  }

  /** Lends the opened parts of the installation, as a second process has them. */
  async withParts(use: (parts: Parts) => Promise<void>): Promise<void> {
    const parts = await openParts(readConfig(this.#env), { clock: systemClock, log: silentLog });
    await use(parts).finally(() => parts.close());
  }

  /** Ends all of it and removes what it left. */
  async remove(): Promise<void> {
    await this.#sql?.end();
    await this.kill();
    // Whoever leaves the embedded PostgreSQL last stops it, and this command is the last.
    if (this.kind === 'embedded') await this.countersign('db', 'url').catch(() => undefined);
    await this.#drop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20 });
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: await this.#url() });
    client.on('error', () => undefined); // the database may be stopped before we leave
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(NEWS_CHANNEL)}`);
    return client;
  }

  async #url(): Promise<string> {
    return this.#env.DATABASE_URL ?? (await this.countersign('db', 'url')).trim();
  }
}
