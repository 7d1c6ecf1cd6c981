// Text that people wrote, made harmless to show: names, reasons, labels.
const ELLIPSIS = '…';
// Blanks of every kind, among them the control characters that break a line (tab to carriage return, NEL).
const BLANKS = /[\s\u0085]+/gu;
// Control (Cc), format (Cf, which holds the bidi controls and zero-width characters), lone surrogates (Cs),
// and whatever else Unicode says has no shape of its own (UAX #44, Default_Ignorable_Code_Point).
const UNSEEN = /(?![\t-\r\u0085])[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
// What can reorder or break the line that a name stands in (UAX #9 for the bidi controls).
const UNSAFE = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u;
/**
 * `text` on one line, without characters that cannot be seen, in Unicode form NFC, blanks collapsed,
 * at most `maxLength` code points (1 or more); what was cut is marked with an ellipsis inside that length.
 */
export function inertText(text, maxLength) {
    const line = text.replace(UNSEEN, '').normalize('NFC').replace(BLANKS, ' ').trim();
    const points = Array.from(line);
    if (points.length <= maxLength)
        return line;
    return points.slice(0, maxLength - 1).join('').trimEnd() + ELLIPSIS;
}
/** Whether `text` holds control or bidi characters or a broken surrogate: never in an honest name. */
export function hasUnsafeCharacters(text) {
    return UNSAFE.test(text);
}
