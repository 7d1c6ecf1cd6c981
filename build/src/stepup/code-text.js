// A code as a person typed it, made plain.
import { normaliseReadableCode } from '../lib/ids.js';
const TOTP = /^[0-9]{6}$/;
// Crockford's base32, 5 bits a character: 80 bits.
const RECOVERY = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const LONGEST_TYPED = 100;
/** A six-digit code or a recovery code, however it was grouped, or null: then it cannot be right and a form may say so at once. */
export function readCode(typed) {
    const text = plainCode(typed);
    if (TOTP.test(text))
        return { kind: 'totp', digits: text };
    return RECOVERY.test(text) ? { kind: 'recovery', text } : null;
}
/** Without blanks, dashes and invisible characters, in capitals, full-width characters as plain ones. */
export function plainCode(typed) {
    const visible = typed.slice(0, LONGEST_TYPED).normalize('NFKC').replace(/\p{Cf}/gu, '');
    return normaliseReadableCode(visible);
}
