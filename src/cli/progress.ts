// How far a long command is: a bar that is drawn again on a terminal, a line now and then elsewhere.
import type { Clock } from '../lib/clock.js';

export interface Progress {
  readonly update: (at: { readonly done: number; readonly total: number }) => void;
  /** Leaves the last state on its line. */
  readonly end: () => void;
}

export interface ProgressTarget {
  readonly write: (text: string) => void;
  readonly terminal: boolean;
  readonly clock: Clock;
  /** What is counted, in the plural. */
  readonly noun: string;
}

const BAR_CELLS = 24;
const REDRAW_MS = 100;
const LINE_MS = 10_000;
const CLEAR_REST = '\u001B[K';

export function openProgress({ write, terminal, clock, noun }: ProgressTarget): Progress {
  const begin = clock().getTime();
  let last = { at: begin, text: '' };
  return {
    update: ({ done, total }) => {
      const now = clock().getTime();
      const due = now - last.at >= (terminal ? REDRAW_MS : LINE_MS) || done >= total;
      if (!due) return;
      const text = stateOf({ done, total, noun, ms: now - begin });
      write(terminal ? `\r${bar(done, total)} ${text}${CLEAR_REST}` : text === last.text ? '' : `${text}\n`);
      last = { at: now, text };
    },
    end: () => {
      if (terminal && last.text !== '') write('\n');
    },
  };
}

function bar(done: number, total: number): string {
  const full = total === 0 ? 0 : Math.min(BAR_CELLS, Math.floor((done / total) * BAR_CELLS));
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}

interface State {
  readonly done: number;
  readonly total: number;
  readonly noun: string;
  readonly ms: number;
}

function stateOf({ done, total, noun, ms }: State): string {
  const counted = `${inThousands(done)} of ${inThousands(total)} ${noun}`;
  if (done === 0 || ms === 0) return counted;
  const rate = (done / ms) * 1_000;
  const left = done >= total ? '' : `, ${duration((total - done) / rate)} left`;
  return `${counted}, ${inThousands(Math.round(rate))} a second${left}`;
}

function inThousands(count: number): string {
  return count.toLocaleString('en');
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
