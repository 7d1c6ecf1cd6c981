// Whether the process lives, and whether it may be given work.
import { type RequestHandler, Router } from 'express';

export interface Readiness {
  readonly ready: boolean;
  /** Each thing that must be well, and what is wrong with it (null: nothing). No secrets, no addresses. */
  readonly checks: Readonly<Record<string, string | null>>;
}

/** GET /health: 200 while the process answers. GET /ready: 200, or 503 and why. */
export function healthRoutes(readiness: () => Promise<Readiness>): Router {
  const router = Router();
  const ready: RequestHandler = async (_req, res) => {
    const verdict = await readiness().catch((): Readiness => ({ ready: false, checks: { database: 'does not answer' } }));
    res.status(verdict.ready ? 200 : 503).set('Cache-Control', 'no-store').json(verdict);
  };
  router.get('/health', (_req, res) => void res.set('Cache-Control', 'no-store').json({ alive: true }));
  router.get('/ready', ready);
  return router;
}
