// Which of the words that are known was probably meant by one with a slip in it.

const MAX_SLIPS = 3;

/** The nearest word, whatever its case, or null: not one that would have to be written anew. */
export function nearestWord(written: string, known: readonly string[]): string | null {
  const near = known
    .map((word) => ({ word, slips: slipsBetween(written.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, slips }) => slips <= MAX_SLIPS && slips < word.length)
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.word ?? null;
}

/** The Levenshtein distance: how many characters to put in, take out or change. */
function slipsBetween(a: string, b: string): number {
  // A longer difference is too far, and a hostile name could be long.
  if (Math.abs(a.length - b.length) > MAX_SLIPS) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
