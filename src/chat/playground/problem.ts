// Requests that are turned away: a status and one sentence, never a stack.
import type { ErrorRequestHandler, Response } from 'express';
import type { z } from 'zod';
import { newId } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Problem } from './page/wire.js';

export class TurnedAway extends Error {
  override readonly name = 'TurnedAway';
  readonly status: number;

  constructor(status: 400 | 401 | 403 | 404, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** The body as the schema has it. Throws TurnedAway (400), which repeats nothing of what was sent. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new TurnedAway(400, UNREADABLE);
}

/** Last in line: `{ error: sentence }` for the person, the fault itself for the log. */
export function asProblem(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res: Response<Problem>, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (error instanceof TurnedAway) res.status(error.status).json({ error: error.message });
    else if (status !== null) res.status(status).json({ error: SENTENCES[status] ?? UNREADABLE });
    else {
      const reference = newId().slice(0, 8);
      log.error({ err: error, reference }, 'a playground request failed');
      res.status(500).json({ error: `Something went wrong. Try again. The log names it ${reference}.` });
    }
  };
}

const UNREADABLE = 'That request could not be read.';

const SENTENCES: Readonly<Record<number, string>> = {
  404: 'There is nothing at this address.',
  413: 'That is too long.',
};

/** The 4xx status that express and its body parser put on their own errors, or null. */
function statusOf(error: unknown): number | null {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
