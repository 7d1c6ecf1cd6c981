// Last in line on the server: what a route did not answer itself is a status, never a stack.
import type { ErrorRequestHandler } from 'express';
import { z } from 'zod';
import type { Log } from '../lib/log.js';

/** What the body parser puts on its own errors: the sender's mistake, not worth a line in the log. */
const senders = z.object({ status: z.int().min(400).max(499) });

/** An empty 4xx for what could not be read, else an empty 500 and a line in the log. Senders repeat after a 500, which does nothing twice. */
export function faults(log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) { next(error); return; }
    const mistake = senders.safeParse(error);
    // The path alone: a query may hold a code of Slack's.
    if (!mistake.success) log.error({ err: error, path: req.path }, 'a request failed');
    res.status(mistake.success ? mistake.data.status : 500).end();
  };
}
