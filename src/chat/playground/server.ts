// The playground's addresses: the page for anyone on this machine, everything with data behind the cookie.
import express from 'express';
import type { RequestHandler, Router } from 'express';
import helmet from 'helmet';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Conversation } from '../event.js';
import { pcRoutes, talkRoutes } from './actions.js';
import { pageAssets } from './assets.js';
import type { Cast } from './cast.js';
import { Door, fromThisMachine, fromThisPage } from './guard.js';
import { LiveStreams } from './live.js';
import type { Alarm, ReadCodes } from './live.js';
import type { WorldPart } from './page/wire.js';
import { TurnedAway, asProblem } from './problem.js';
import type { PlaygroundState, StatePart } from './state.js';
import { viewCodes, viewWorld } from './world.js';
import type { CodeOf } from './world.js';

const BODY_MAX = '32kb';
const WORLD_PARTS: readonly WorldPart[] = ['people', 'places', 'cards', 'trail'];

export interface PlaygroundParts {
  readonly conversation: Conversation;
  readonly state: PlaygroundState;
  readonly cast: Cast;
  /** The random token in the fragment of the printed address. */
  readonly token: string;
  readonly codeOf: CodeOf;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: Log;
  /** Aborted when the process stops: the event streams end, so that the server can close. */
  readonly closing: AbortSignal;
}

/** The routes for GET / and /playground/…, to be mounted at the root of an express app that listens on loopback alone. */
export function playgroundRoutes(parts: PlaygroundParts): Router {
  const ours = ['/playground', /^\/$/];
  const door = new Door(parts.token);
  const router = express.Router();
  router.use(ours, securityHeaders, fromThisMachine);
  router.use(pageAssets());
  router.use('/playground', noStore, fromThisPage, express.json({ limit: BODY_MAX }));
  router.post('/playground/session', door.letIn);
  router.use('/playground', door.mustBeIn, readRoutes(parts), talkRoutes(parts));
  router.use('/playground/pc', pcRoutes(parts.state));
  router.use('/playground', nothingHere);
  router.use(ours, asProblem(parts.log));
  return router;
}

const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  // Loopback is plain HTTP; a browser that remembered "only HTTPS" would lock other local pages out.
  strictTransportSecurity: false,
});

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

const nothingHere: RequestHandler = () => {
  throw new TurnedAway(404, 'There is nothing at this address.');
};

/** GET /world (all of it, or ?parts=people,places,cards,trail), /codes and /events. */
function readRoutes(parts: PlaygroundParts): Router {
  const router = express.Router();
  const readCodes = () => viewCodes(parts, parts.codeOf, parts.clock);
  const live = openLive(parts, readCodes);
  router.get('/world', async (req, res) => {
    const asked = typeof req.query['parts'] === 'string' ? req.query['parts'].split(',') : WORLD_PARTS;
    res.json(await viewWorld(WORLD_PARTS.filter((part) => asked.includes(part)), parts));
  });
  router.get('/codes', async (_req, res) => {
    res.json(await readCodes());
  });
  router.get('/events', (_req, res) => live.join(res));
  return router;
}

function openLive({ state, cast, alarm, log, closing }: PlaygroundParts, readCodes: ReadCodes): LiveStreams {
  const onFault = (err: unknown) => log.error({ err }, 'the playground could not read its codes');
  const live = new LiveStreams({ readCodes, alarm, onFault });
  const tell: Record<StatePart, () => void> = {
    messages: () => live.tellChanged(['places']),
    cards: () => live.tellChanged(['cards']),
    codes: () => live.tellCodes(),
  };
  const stopListening = [
    state.onChange((part) => tell[part]()),
    cast.onChange(() => {
      live.tellChanged(['people', 'trail']);
      live.tellCodes();
    }),
  ];
  closing.addEventListener('abort', () => {
    for (const stop of stopListening) stop();
    live.close();
  });
  return live;
}
