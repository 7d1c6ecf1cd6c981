// The table that a run prints, and the statistics in it.
const WIDTHS = [38, 4, 12, 10, 7];
/** The ratio is the share of the floor's speed that we reach: 1 is as good as the floor, whatever the unit. */
export function tableOf(lines) {
    const rows = lines.map((line) => [line.what, line.unit, amount(line.ours), line.floor === null ? '-' : amount(line.floor), ratioOf(line)]);
    return [['', '', 'Countersign', 'floor', 'ratio'], ...rows].map(inColumns).join('\n');
}
function ratioOf({ ours, floor, better }) {
    if (floor === null)
        return '-';
    return (better === 'more' ? ours / floor : floor / ours).toFixed(2);
}
function inColumns(cells) {
    return cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[at] ?? 0))).join(' ').trimEnd();
}
function amount(value) {
    return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
export function median(values) {
    return percentile(values, 50);
}
/** The smallest value that so many per cent of all values do not exceed (nearest rank). */
export function percentile(values, rank) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? NaN;
}
