// Starts and stops the whole: database, service, chat platform, HTTP.
import express from 'express';
import { type Config, urlHost } from '../config.js';
import { enrolmentRoutes } from '../http/enrolment-page.js';
import type { ChatPlatform } from '../chat/platform.js';
import { faults } from '../http/faults.js';
import { healthRoutes } from '../http/health.js';
import { type Listening, listenOn } from '../http/listen.js';
import type { Clock } from '../lib/clock.js';
import { isErrno } from '../lib/errno.js';
import { newToken } from '../lib/ids.js';
import { isLoopback } from '../lib/loopback.js';
import type { Log } from '../lib/log.js';
import { type InstallationKind, markInstallation } from '../store/installation.js';
import { noteStart, startWithPolicy } from '../store/policies.js';
import { loadPolicy, openParts, type Parts } from './parts.js';
import { type ChatSide, choresOf, newcomersOf } from './chat-side.js';
import { enrolmentWords } from './enrolment-words.js';
import { openMail } from './mail.js';
import { OnCallSchedules } from './on-call-schedules.js';
import { PolicyWatch } from './policy-watch.js';
import { openPlayground } from './playground.js';
import { StartProblem } from './problem.js';
import { readinessOf } from './readiness.js';
import { languagesOf, type Service, startService } from './service.js';
import { openSlack } from './slack.js';
import { openTeams } from './teams.js';

export interface ServerOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** `--playground`: the playground was asked for, on a database server too. */
  readonly playground: boolean;
}

export interface RunningServer {
  /** Where people reach it; for a playground with its token in the fragment, and `playground` is true. */
  readonly address: string;
  readonly playground: boolean;
  readonly port: number;
  readonly service: Service;
  readonly parts: Parts;
  /** Answers what was asked, writes what was decided, and leaves. */
  stop(): Promise<void>;
}

/** Throws a StartProblem, ConfigError, EmbeddedError, MigrationError, VaultError or AuditError: each says what to do. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config } = options;
  const kind: InstallationKind = config.platforms.length === 0 ? 'playground' : 'real';
  if (kind === 'playground') refusePlayground(config, options.playground);
  const policy = await loadPolicy(config);
  const parts = await openParts(config, options);
  const closing = new AbortController();
  const token = newToken();
  let sides: readonly ChatSide[] = [];
  let service: Service | null = null;
  let http: Listening | null = null;
  const stop = async (): Promise<void> => {
    closing.abort();
    try {
      await Promise.all(sides.map((side) => side.stop()));
      await http?.close();
      await service?.stop();
    } finally {
      await parts.close();
    }
  };
  try {
    const writing = { at: parts.clock(), rowMac: parts.rowMac };
    // A platform must have taken what it was set up with before the database is marked for good.
    if (kind === 'real') sides = await openPlatforms(parts);
    requireKind(kind, await markInstallation(parts.database, kind, writing));
    const inForce = await startWithPolicy(parts, policy, { at: writing.at, always: kind === 'playground' });
    if (inForce === null) throw new StartProblem(POLICY_ROW_GONE);
    const schedules = new OnCallSchedules(parts);
    const watch = new PolicyWatch(parts, { read: policy, inForce, schedules });
    await noteStart(parts.database, policy.hash, writing);
    await watch.noteCalendars();
    // What an earlier process left undone comes first: its audit, then its notices.
    await parts.sequencer.sequence();
    if (kind === 'playground') sides = [await openPlayground(parts, token, closing.signal)];
    service = await startService(parts, () => watch.current(), { platforms: [...sides.map(({ platform }) => platform), ...mailOf(parts)], newcomers: newcomersOf(sides), chores: { ...choresOf(sides), policy: () => watch.look(), onCall: () => schedules.look(watch.current().policy) } });
    await service.beat();
    const app = express().disable('x-powered-by');
    app.use(healthRoutes(() => readinessOf(parts, { policy: watch, schedules })));
    app.use(enrolmentRoutes({ enrolment: parts.enrolment, wordsFor: enrolmentWords(languagesOf(parts)), clock: parts.clock, log: parts.log }));
    for (const side of sides) app.use(side.routes(service));
    app.all(['/slack/events', '/api/messages'], (_req, res) => void res.status(404).json({ error: 'This chat platform is not set up here.' }));
    app.use(faults(parts.log));
    http = await listenOrSay(app, config);
    for (const side of sides) await side.start();
    const here = `http://${urlHost(config.host)}:${http.port}/#${token}`;
    const playground = kind === 'playground';
    return { address: playground ? here : config.publicUrl, playground, port: http.port, service, parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function mailOf({ config: { mail } }: Parts): readonly ChatPlatform[] {
  return mail === null ? [] : [openMail(mail)];
}

/** The platforms whose variables are set. */
async function openPlatforms(parts: Parts): Promise<readonly ChatSide[]> {
  const { slack, teams } = parts.config;
  const sides: ChatSide[] = [];
  if (slack !== null) sides.push(await openSlack(parts, slack));
  if (teams !== null) sides.push(await openTeams(parts, teams));
  return sides;
}

/** On the playground anyone is anyone, so it never opens where a stranger could reach it. */
function refusePlayground({ production, host, databaseUrl }: Config, asked: boolean): void {
  if (production) throw new StartProblem('No chat platform is set up, and the playground is refused where NODE_ENV is production: anyone is anyone on it.');
  if (!isLoopback(host)) throw new StartProblem(`The playground listens on a loopback address only, and HOST is ${host}: unset HOST.`);
  if (databaseUrl !== null && !asked) {
    throw new StartProblem('To open the playground on the server of DATABASE_URL, start with --playground: it marks that database as a playground for good. Without DATABASE_URL it uses a database of its own.');
  }
}

function requireKind(wanted: InstallationKind, kind: InstallationKind): void {
  if (kind === wanted) return;
  if (kind === 'playground') throw new StartProblem('This database is a playground, where anyone was anyone: name another database, or another COUNTERSIGN_DATA, for the real installation.');
  throw new StartProblem('This database holds a real installation, and the playground would let anyone be anyone: name another database, or another COUNTERSIGN_DATA.');
}

const POLICY_ROW_GONE =
  'The database does not say any more which policy is in force, though one was applied once: restore it from a backup, or run `countersign policy apply` with two administrators. Find out who changed the database.';

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
