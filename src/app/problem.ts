// Why Countersign cannot start or go on, as one sentence for the person at the terminal.

/** A problem that the person can mend; shown without a stack trace. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}
