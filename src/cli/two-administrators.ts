// What two administrators do together at one terminal: both name themselves, and both type a one-time code.
import type { Parts } from '../app/parts.js';
import { isRefused, type Refused } from '../lib/refusal.js';
import type { Proof } from '../store/card-import-alone.js';
import type { PairRefusal } from '../store/two-administrators.js';
import { proveAdministrators } from './administrator.js';
import { CliFailure, type Io } from './io.js';

export interface PairOptions {
  readonly as: string;
  readonly with: string;
  readonly json?: true;
}

const SENTENCES: Readonly<Record<PairRefusal, string>> = {
  'not-administrator': 'Both must be in the group administrators: name somebody else.',
  'code-not-accepted': 'A code was used meanwhile: wait for the next ones and run the command again.',
  'same-administrator': 'This needs two administrators: name the other one with --with.',
};

interface Pair<R extends string> {
  readonly options: PairOptions;
  readonly io: Io;
  /** What the codes are for, as the audit has it. */
  readonly purpose: string;
  /** What is said where it is refused for a reason of its own. */
  readonly sentences: Readonly<Record<R, string>>;
  readonly work: (proofs: readonly Proof[]) => Promise<Refused<R | PairRefusal> | null>;
}

/** Asks both for their codes and does `work` with them; a code that paid for nothing stays good. Throws a CliFailure. */
export async function asTwoAdministrators<R extends string>(parts: Parts, { options, io, purpose, sentences, work }: Pair<R>): Promise<void> {
  const json = options.json === true;
  const names = [options.as, options.with].map((email) => email.trim().toLowerCase());
  if (names[0] === names[1]) throw new CliFailure(2, 'with-missing', SENTENCES['same-administrator'], { json });
  const proofs = await proveAdministrators(parts, names, io, purpose);
  const outcome = await work(proofs);
  if (!isRefused(outcome)) return;
  if (outcome.refused !== 'code-not-accepted') for (const { spend } of proofs) await parts.stepUp.giveBack(spend);
  throw new CliFailure(1, outcome.refused, { ...SENTENCES, ...sentences }[outcome.refused], { json });
}
