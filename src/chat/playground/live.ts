// Server-sent events: tells every open page what changed, and hands out the one-time codes as they change.
import type { Response } from 'express';
import { SECOND_MS } from '../../lib/clock.js';
import type { CodeView, WorldPart } from './page/wire.js';

/** Rings once after `ms` milliseconds, unless the returned function is called before. */
export type Alarm = (ms: number, ring: () => void) => () => void;

/** A timer of the system that does not keep the process alive. */
export const systemAlarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, ms).unref();
  return () => clearTimeout(timer);
};

export type ReadCodes = () => Promise<readonly CodeView[]>;

interface LiveParts {
  readonly readCodes: ReadCodes;
  readonly alarm: Alarm;
  /** Called with what went wrong when codes could not be read. */
  readonly onFault: (fault: unknown) => void;
}

export class LiveStreams {
  readonly #parts: LiveParts;
  readonly #open = new Set<Response>();
  #cancelAlarm: (() => void) | null = null;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  /** Keeps the response open and writes events to it until the page goes away. */
  join(res: Response): void {
    res.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).flushHeaders();
    this.#open.add(res);
    res.on('close', () => this.#leave(res));
    this.tellCodes();
  }

  /** Tells the pages which parts of the world they must fetch again. */
  tellChanged(parts: readonly WorldPart[]): void {
    this.#send('changed', parts);
  }

  /** Sends the codes as they are now, and again as soon as one of them runs out. */
  tellCodes(): void {
    this.#parts.readCodes().then((codes) => {
      this.#send('codes', codes);
      this.#wakeAfter(codes);
    }, this.#parts.onFault);
  }

  close(): void {
    this.#cancelAlarm?.();
    for (const res of this.#open) res.end();
  }

  #send(event: 'changed' | 'codes', content: unknown): void {
    for (const res of this.#open) res.write(`event: ${event}\ndata: ${JSON.stringify(content)}\n\n`);
  }

  #wakeAfter(codes: readonly CodeView[]): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
    if (this.#open.size === 0 || codes.length === 0) return;
    const seconds = Math.min(...codes.map((code) => code.secondsLeft));
    this.#cancelAlarm = this.#parts.alarm(seconds * SECOND_MS, () => this.tellCodes());
  }

  #leave(res: Response): void {
    this.#open.delete(res);
    if (this.#open.size === 0) this.#cancelAlarm?.();
  }
}
