// The table that a run prints, and the statistics in it.

export interface Line {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** Null where there is nothing to compare with. */
  readonly floor: number | null;
  readonly better: 'more' | 'less';
}

const WIDTHS = [38, 4, 12, 10, 7] as const;

/** The ratio is the share of the floor's speed that we reach: 1 is as good as the floor, whatever the unit. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => [line.what, line.unit, amount(line.ours), line.floor === null ? '-' : amount(line.floor), ratioOf(line)]);
  return [['', '', 'Countersign', 'floor', 'ratio'], ...rows].map(inColumns).join('\n');
}

function ratioOf({ ours, floor, better }: Line): string {
  if (floor === null) return '-';
  return (better === 'more' ? ours / floor : floor / ours).toFixed(2);
}

function inColumns(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[at] ?? 0))).join(' ').trimEnd();
}

function amount(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest value that so many per cent of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? NaN;
}
