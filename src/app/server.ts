// Starts and stops the whole: database, service, chat platform, HTTP.
import express from 'express';
import { type Config, isLoopback, urlHost } from '../config.js';
import { enrolmentRoutes } from '../http/enrolment-page.js';
import { healthRoutes, type Readiness } from '../http/health.js';
import { type Listening, listenOn } from '../http/listen.js';
import type { Clock } from '../lib/clock.js';
import { isErrno } from '../lib/errno.js';
import { newToken } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { type InstallationKind, markInstallation } from '../store/installation.js';
import { keepPolicy, noteStart } from '../store/policies.js';
import { loadPolicy, openParts, type Parts } from './parts.js';
import { openPlayground } from './playground.js';
import { StartProblem } from './problem.js';
import { type Service, startService } from './service.js';

export interface ServerOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** `--playground`: the playground was asked for, on a database server too. */
  readonly playground: boolean;
}

export interface RunningServer {
  /** What a person opens: the playground's address with its token in the fragment. */
  readonly address: string;
  readonly port: number;
  readonly service: Service;
  readonly parts: Parts;
  /** Answers what was asked, writes what was decided, and leaves. */
  stop(): Promise<void>;
}

/** Throws a StartProblem, ConfigError, EmbeddedError, MigrationError, VaultError or AuditError: each says what to do. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config } = options;
  refusePlatforms(config);
  refusePlayground(config, options.playground);
  const policy = await loadPolicy(config);
  const parts = await openParts(config, options);
  const closing = new AbortController();
  let service: Service | null = null;
  let http: Listening | null = null;
  const stop = async (): Promise<void> => {
    closing.abort();
    try {
      await http?.close();
      await service?.stop();
    } finally {
      await parts.close();
    }
  };
  try {
    const writing = { at: parts.clock(), rowMac: parts.rowMac };
    requireKind(await markInstallation(parts.database, 'playground', writing));
    await keepPolicy(parts.database, policy, writing);
    await noteStart(parts.database, policy.hash, writing);
    // What an earlier process left undone comes first: its audit, then its notices.
    await parts.sequencer.sequence();
    const playground = await openPlayground(parts);
    service = await startService(parts, policy, [playground.platform]);
    await service.beat();
    const token = newToken();
    const app = express().disable('x-powered-by');
    app.use(healthRoutes(() => readinessOf(parts)));
    app.use(enrolmentRoutes({ enrolment: parts.enrolment, clock: parts.clock, log: parts.log }));
    app.use(playground.routes(service, token, closing.signal));
    app.all(['/slack/events', '/api/messages'], (_req, res) => void res.status(404).json({ error: 'This chat platform is not set up here.' }));
    http = await listenOrSay(app, config);
    return { address: `http://${urlHost(config.host)}:${http.port}/#${token}`, port: http.port, service, parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function refusePlatforms({ platforms }: Config): void {
  if (platforms.length === 0) return;
  throw new StartProblem(`This version has only the playground: unset the variables of ${platforms.join(' and ')} to start it.`);
}

/** On the playground anyone is anyone, so it never opens where a stranger could reach it. */
function refusePlayground({ production, host, databaseUrl }: Config, asked: boolean): void {
  if (production) throw new StartProblem('This version has only the playground, and that is refused where NODE_ENV is production: anyone is anyone on it.');
  if (!isLoopback(host)) throw new StartProblem(`The playground listens on a loopback address only, and HOST is ${host}: unset HOST.`);
  if (databaseUrl !== null && !asked) {
    throw new StartProblem('To open the playground on the server of DATABASE_URL, start with --playground: it marks that database as a playground for good. Without DATABASE_URL it uses a database of its own.');
  }
}

function requireKind(kind: InstallationKind): void {
  if (kind === 'playground') return;
  throw new StartProblem('This database holds a real installation, and the playground would let anyone be anyone: name another database, or another COUNTERSIGN_DATA.');
}

async function readinessOf({ database, sequencer, clock }: Parts): Promise<Readiness> {
  await database.$queryRaw`SELECT 1`;
  const audit = await sequencer.health(clock());
  return { ready: audit.ok, checks: { database: null, audit: audit.ok ? null : audit.why } };
}

async function listenOrSay(app: express.Express, { host, port }: Config): Promise<Listening> {
  try {
    return await listenOn(app, { host, port });
  } catch (error) {
    if (isErrno(error, 'EADDRINUSE')) throw new StartProblem(`Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another one.`, { cause: error });
    if (isErrno(error, 'EACCES')) throw new StartProblem(`This user may not listen on port ${port}. Set PORT to 1024 or more.`, { cause: error });
    if (isErrno(error, 'EADDRNOTAVAIL')) throw new StartProblem(`This machine has no address ${host}. Correct HOST.`, { cause: error });
    throw error;
  }
}
