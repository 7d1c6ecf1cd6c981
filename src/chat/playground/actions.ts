// The addresses that do something: words, buttons and dialogs for the bot, and the hands at the locked PC.
import express from 'express';
import type { Response, Router } from 'express';
import type { z } from 'zod';
import type { SimulatedCard } from './card.js';
import type { Cast } from './cast.js';
import type { CardReply, ReplyView } from './page/wire.js';
import { cardSchema, pinSchema, resetPin, resetSchema, tryCard } from './pc.js';
import { TurnedAway, parseBody } from './problem.js';
import type { PlaygroundState } from './state.js';
import { Talk, pressSchema, submissionSchema, wordsSchema } from './talk.js';
import type { TalkParts } from './talk.js';

/** POST /say, /press and /submit: as the person whom the body names, for on the playground anyone is anyone. */
export function talkRoutes(parts: TalkParts & { readonly cast: Cast }): Router {
  const router = express.Router();
  const talk = new Talk(parts);
  const post = <S extends z.ZodType<{ personId: string }>>(
    path: string,
    schema: S,
    reply: (body: z.infer<S>) => Promise<ReplyView>,
  ) =>
    router.post(path, async (req, res: Response<ReplyView>) => {
      const body = parseBody(schema, req.body);
      const people = await parts.cast.people();
      if (!people.some((person) => person.id === body.personId)) throw new TurnedAway(404, 'There is nobody of that name here.');
      res.json(await reply(body));
    });
  post('/say', wordsSchema, (body) => talk.say(body));
  post('/press', pressSchema, (body) => talk.press(body));
  post('/submit', submissionSchema, (body) => talk.submit(body));
  return router;
}

/** POST /challenge, /answer, /sign-in, /close and /block: one exchange each with the card that the body names. */
export function pcRoutes(state: PlaygroundState): Router {
  const router = express.Router();
  const post = <S extends z.ZodType<{ serial: string }>>(
    path: string,
    schema: S,
    exchange: (card: SimulatedCard, body: z.infer<S>) => CardReply,
  ) =>
    router.post(path, (req, res: Response<CardReply>) => {
      const body = parseBody(schema, req.body);
      const reply = state.withCard(body.serial, (card) => exchange(card, body));
      if (reply === null) throw new TurnedAway(404, 'There is no such card in this PC.');
      res.json(reply);
    });
  post('/challenge', cardSchema, (card) => tryCard(card, (asked) => asked.newChallenge()));
  post('/answer', resetSchema, resetPin);
  post('/sign-in', pinSchema, (card, { pin }) => tryCard(card, (asked) => asked.verifyPin(pin)));
  post('/close', cardSchema, (card) => tryCard(card, (asked) => asked.closeWindow()));
  post('/block', cardSchema, (card) => tryCard(card, (asked) => asked.block()));
  return router;
}
