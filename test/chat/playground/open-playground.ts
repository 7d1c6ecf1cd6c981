// A playground on a real HTTP server, with a scripted conversation, a clock and an alarm that tests turn by hand.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import express from 'express';
import type { ChatEvent, Reply } from '../../../src/chat/event.js';
import type { Cast } from '../../../src/chat/playground/cast.js';
import { PlaygroundPlatform } from '../../../src/chat/playground/platform.js';
import { playgroundRoutes } from '../../../src/chat/playground/server.js';
import { PlaygroundState } from '../../../src/chat/playground/state.js';
import { openLog } from '../../../src/lib/log.js';

export const TOKEN = 'a-token-of-the-printed-address';
export const NOW = new Date('2026-03-02T09:00:00.000Z');
export const CARD_KEY = '0102030405060708090A0B0C0D0E0F101112131415161718';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own for each test. */
export function statePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-playground-'));
  folders.push(folder);
  return join(folder, 'playground.json');
}

export class OpenPlayground {
  readonly state = new PlaygroundState(statePath());
  readonly platform = new PlaygroundPlatform(this.state, () => NOW);
  /** What the conversation was told, and what it answers next (an error is thrown). */
  readonly events: ChatEvent[] = [];
  reply: Reply | Error = { kind: 'nothing' };
  /** What the log was told. */
  readonly log: string[] = [];
  readonly alarms: { readonly ms: number; readonly ring: () => void }[] = [];
  readonly castListeners = new Set<() => void>();
  readonly closing = new AbortController();
  readonly #server = express()
    .use(this.#routes())
    .get('/health', (_req, res) => void res.json({ ok: true }))
    .listen(0, '127.0.0.1');

  static async open(): Promise<OpenPlayground> {
    const playground = new OpenPlayground();
    await new Promise((resolve) => playground.#server.once('listening', resolve));
    return playground;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get host(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  /** One request, with nothing added to it. */
  ask(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asking = request(`http://${this.host}${path}`, { method, headers }, (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
      });
      asking.on('error', reject).end(body);
    });
  }

  /** A POST as the page sends it, but for what `headers` changes. */
  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const usual = { origin: `http://${this.host}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
    return this.ask(path, { method: 'POST', headers: { ...usual, ...headers }, body: JSON.stringify(body) });
  }

  /** The Cookie header of a page that was let in. */
  async enter(): Promise<string> {
    const answer = await this.post('/playground/session', { token: TOKEN });
    return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }

  /** An open event stream: each call of `next` waits for the next event. */
  async listen(cookie: string): Promise<{ next(): Promise<string> }> {
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`http://${this.host}/playground/events`, { headers: { cookie } }, resolve).on('error', reject).end();
    });
    const events = splitEvents(stream.setEncoding('utf8'));
    return { next: async () => String((await events.next()).value) };
  }

  #routes(): express.Router {
    return playgroundRoutes({
      conversation: (event) => {
        this.events.push(event);
        return this.reply instanceof Error ? Promise.reject(this.reply) : Promise.resolve(this.reply);
      },
      state: this.state,
      cast: this.#cast(),
      token: TOKEN,
      codeOf: (seed) => ({ code: `code of ${seed}`, secondsLeft: 12 }),
      clock: () => NOW,
      alarm: (ms, ring) => {
        const alarm = { ms, ring };
        this.alarms.push(alarm);
        return () => this.alarms.splice(this.alarms.indexOf(alarm), 1);
      },
      log: openLog('info', { write: (line: string) => void this.log.push(line) }),
      closing: this.closing.signal,
    });
  }

  #cast(): Cast {
    return {
      people: () =>
        Promise.resolve([
          { id: 'p1', name: 'Emma Bauer', roles: [] },
          { id: 'p2', name: 'Dana Weiss', roles: ['manager'] },
        ]),
      trail: () => Promise.resolve({ entries: [{ at: NOW.toISOString(), text: 'Opened' }], size: 1, root: 'abcd' }),
      onChange: (listener) => {
        this.castListeners.add(listener);
        return () => this.castListeners.delete(listener);
      },
    };
  }
}

async function* splitEvents(stream: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}
