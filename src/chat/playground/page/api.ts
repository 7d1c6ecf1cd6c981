// The page's line to the server: the cookie, requests as JSON, and the stream of events.
import type { CodeView, Problem, World, WorldPart } from './wire.js';

export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** Exchanges the token of the printed address for a cookie, and takes it out of the address bar. */
export async function enter(): Promise<void> {
  const token = location.hash.slice(1).replace(/^token=/, '');
  if (token === '') return;
  await send('/playground/session', { token });
  history.replaceState(null, '', location.pathname);
}

export async function fetchWorld(parts: readonly WorldPart[]): Promise<Partial<World>> {
  const response = await ask(`/playground/world?parts=${parts.join(',')}`);
  return parseJson(await response.text()) as Partial<World>;
}

/** Sends JSON and reads JSON. Throws RequestRefused with a sentence for the person. */
export async function post<Answer>(path: string, body: object): Promise<Answer> {
  const response = await send(path, body);
  return parseJson(await response.text()) as Answer;
}

interface Listeners {
  readonly onOpen: () => void;
  readonly onChanged: (parts: readonly WorldPart[]) => void;
  readonly onCodes: (codes: readonly CodeView[]) => void;
  /** `final`: the server turned the page away, and the browser will not try again by itself. */
  readonly onLost: (final: boolean) => void;
}

/** Listens to the server until the page is closed; the browser connects again by itself. */
export function listen({ onOpen, onChanged, onCodes, onLost }: Listeners): void {
  const events = new EventSource('/playground/events');
  events.onopen = onOpen;
  events.onerror = () => onLost(events.readyState === EventSource.CLOSED);
  events.addEventListener('changed', (event) => onChanged(parseJson(event.data) as readonly WorldPart[]));
  events.addEventListener('codes', (event) => onCodes(parseJson(event.data) as readonly CodeView[]));
}

function send(path: string, body: object): Promise<Response> {
  return ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch(() => {
    throw new RequestRefused(0, 'The server cannot be reached. Is it still running?');
  });
  if (response.ok) return response;
  const problem = parseJson(await response.text()) as Problem;
  throw new RequestRefused(response.status, problem.error);
}

/** What the server sends is typed by `wire.ts`, against which it is compiled too. */
function parseJson(text: unknown): unknown {
  return JSON.parse(String(text));
}
