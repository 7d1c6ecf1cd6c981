// What is needed to turn a state into words.
import type { TimeWords } from './clock-words.js';
import type { Wording } from './wording.js';

export interface Speech {
  readonly words: Wording;
  readonly time: TimeWords;
  readonly now: () => number;
}
