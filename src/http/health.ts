// Whether the process lives, and whether it may be given work.
import { type RequestHandler, Router } from 'express';
import { SECOND_MS } from '../lib/clock.js';
import { inTime } from '../lib/in-time.js';

export interface Readiness {
  readonly ready: boolean;
  /** Each thing that must be well, and what is wrong with it (null: nothing). No secrets, no addresses. */
  readonly checks: Readonly<Record<string, string | null>>;
}

/** A process is not restarted because its database is slow. */
const LOOK_MS = SECOND_MS;

/**
 * GET /health: 200 while the process answers, with what should be known of it, such as an open breaker, as far as that can
 * be found out within a second. GET /ready: 200, or 503 and why.
 */
export function healthRoutes(readiness: () => Promise<Readiness>): Router {
  const router = Router();
  const alive: RequestHandler = async (_req, res) => {
    const known = await inTime(readiness(), LOOK_MS).catch(() => null);
    res.set('Cache-Control', 'no-store').json({ alive: true, ...(known === null ? {} : { checks: known.checks }) });
  };
  const ready: RequestHandler = async (_req, res) => {
    const verdict = await readiness().catch((): Readiness => ({ ready: false, checks: { database: 'does not answer' } }));
    res.status(verdict.ready ? 200 : 503).set('Cache-Control', 'no-store').json(verdict);
  };
  router.get('/health', alive);
  router.get('/ready', ready);
  return router;
}
