// A person as the organisation knows them. People are bound to chat accounts elsewhere, never by name or e-mail.

/** The longest texts that the directory keeps: code points of a name, characters of the others. */
export const MAX_ID_LENGTH = 64;
export const MAX_NAME_LENGTH = 100;
// RFC 5321 section 4.5.3.1.3 allows 256 octets for a path, two of which are its angle brackets.
export const MAX_EMAIL_LENGTH = 254;

export interface Person {
  /** The organisation's own id (employee number); never changes. */
  readonly id: string;
  readonly name: string;
  /** Lower case, NFC. */
  readonly email: string;
  /** The id of the person who manages them; null for nobody. */
  readonly managerId: string | null;
  readonly groups: readonly string[];
  readonly site: string | null;
  /** A BCP 47 language tag. */
  readonly locale: string | null;
  readonly active: boolean;
}

/** A person as a file tells of them: the manager is still an e-mail address, to be looked up by the caller. */
export interface PersonDraft {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly managerEmail: string | null;
  readonly groups: readonly string[];
  readonly site: string | null;
  readonly locale: string | null;
  /** Where they stand in the file (the first line is 1), for what the caller has to report. */
  readonly line: number;
}

/** An e-mail address in the one form that is stored and compared. */
export function normaliseEmail(typed: string): string {
  return typed.trim().normalize('NFC').toLowerCase();
}
