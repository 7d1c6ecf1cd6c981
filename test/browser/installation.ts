// A playground of its own for one story: a fresh database, a server in this process, and a clock that stands until the story moves it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { type RunningServer, startServer } from '../../src/app/server.js';
import { readConfig } from '../../src/config.js';
import { silentLog } from '../../src/lib/log.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/world.js';
import { PlaygroundPage } from './playground-page.js';

const TIME_ZONE = 'UTC';
const DESKTOP = { width: 1400, height: 900 };
/** The machine may be busy with other tests. */
const PATIENCE_MS = 15_000;

export class Installation {
  readonly server: RunningServer;
  /** What the browser complained about: errors, warnings, and breaches of the page's security policy. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #database: TestDatabase;
  readonly #folder: string;
  readonly #clock: TestClock;
  readonly #contexts: BrowserContext[] = [];

  private constructor(opened: { server: RunningServer; browser: Browser; database: TestDatabase; folder: string; clock: TestClock }) {
    this.server = opened.server;
    this.#browser = opened.browser;
    this.#database = opened.database;
    this.#folder = opened.folder;
    this.#clock = opened.clock;
  }

  static async open(browser: Browser): Promise<Installation> {
    const database = await freshDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'countersign-browser-'));
    const clock = new TestClock();
    const config = readConfig({ DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, PORT: '0', COUNTERSIGN_TIME_ZONE: TIME_ZONE });
    const server = await startServer({ config, clock: clock.now, log: silentLog, playground: true });
    return new Installation({ server, browser, database, folder, clock });
  }

  /** Opens the printed address in a browser profile of its own. */
  async visit(options: BrowserContextOptions = {}): Promise<PlaygroundPage> {
    const context = await this.browse(options);
    return PlaygroundPage.open(context, { address: this.server.address, later: (ms) => this.later(ms) });
  }

  /** A browser profile that has not been here yet. */
  async browse(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext({ viewport: DESKTOP, locale: 'en-GB', timezoneId: TIME_ZONE, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    context.on('weberror', (error) => void this.complaints.push(String(error.error())));
    context.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) this.complaints.push(line.text());
    });
    this.#contexts.push(context);
    return context;
  }

  now(): Date {
    return this.#clock.now();
  }

  /** Lets time pass. What is due before and after is done, so that the audit is never behind. */
  async later(ms: number): Promise<void> {
    await this.server.service.beat();
    this.#clock.forward(ms);
    await this.server.service.beat();
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
    await this.server.stop();
    await this.#database.drop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
