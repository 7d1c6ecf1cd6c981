// A person as the organisation knows them. People are bound to chat accounts elsewhere, never by name or e-mail.
/** The longest texts that the directory keeps: code points of a name, characters of the others. */
export const MAX_ID_LENGTH = 64;
export const MAX_NAME_LENGTH = 100;
// RFC 5321 section 4.5.3.1.3 allows 256 octets for a path, two of which are its angle brackets.
export const MAX_EMAIL_LENGTH = 254;
/** An e-mail address in the one form that is stored and compared. */
export function normaliseEmail(typed) {
    return typed.trim().normalize('NFC').toLowerCase();
}
