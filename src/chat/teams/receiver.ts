// Where Teams' activities come in: one route in our own server.
import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { activitySchema, type TeamsActivity } from './activity.js';
import { NotAuthentic, type TeamsAdapter } from './adapter.js';
import { type GateRules, whyRefused } from './gate.js';
import type { InvokeAnswer } from './invoke.js';

/** An Adaptive Card of Teams has 28 KB at most, and comes back with its inputs. */
const BODY_LIMIT = '256kb';

export interface ReceiverParts {
  readonly adapter: TeamsAdapter;
  readonly rules: GateRules;
  readonly hear: (activity: TeamsActivity) => Promise<InvokeAnswer | null>;
  /** The process leaves: nothing more is taken. */
  readonly isClosing: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** POST /api/messages: everything that Teams sends. */
export function teamsRoutes(parts: ReceiverParts): Router {
  const router = Router();
  router.post('/api/messages', express.json({ type: () => true, limit: BODY_LIMIT }), (req, res) => receive(parts, req, res));
  return router;
}

const addressed = z.looseObject({ serviceUrl: z.string() });

async function receive({ adapter, rules, hear, isClosing, clock, log }: ReceiverParts, req: Request, res: Response): Promise<void> {
  if (isClosing()) { res.status(503).end(); return; }
  const authorization = req.get('authorization') ?? '';
  const { serviceUrl = '' } = addressed.safeParse(req.body).data ?? {};
  const why = whyRefused({ authorization, serviceUrl, at: clock() }, rules);
  if (why !== null) {
    log.debug({ why }, 'an activity that is not from Teams was refused');
    res.status(401).end();
    return;
  }
  const activity = activitySchema.safeParse(req.body);
  if (!activity.success) { res.status(400).end(); return; }
  try {
    const { status, body } = await adapter.receive(authorization, activity.data, () => hear(activity.data));
    res.status(status);
    if (body === undefined) res.end();
    else res.json(body);
  } catch (error) {
    if (!(error instanceof NotAuthentic)) throw error;
    log.debug({ err: error }, 'an activity with a forged token was refused');
    res.status(401).end();
  }
}
