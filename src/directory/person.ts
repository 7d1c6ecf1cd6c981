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
  /** Who decides in their place: for decisions alone, and kept apart from the directory. */
  readonly standIn?: StandIn;
}

/** Somebody's delegation, as it stands now or as it lately stood. */
export interface StandIn {
  readonly personId: string;
  /** ms since 1970; from then on. */
  readonly from: number;
  /** ms since 1970; until just before then. */
  readonly until: number;
  /** Whether it holds now: for whoever has not voted yet. */
  readonly now: boolean;
}

/** A chat account by its immutable ids, as the organisation's own records have it. */
export interface DirectoryAccount {
  readonly platform: 'slack';
  /** The organisation's id where there is one (Enterprise Grid), else the workspace's. */
  readonly tenant: string;
  readonly userId: string;
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
  /** Chat accounts that the file vouches for. */
  readonly accounts?: readonly DirectoryAccount[];
  /** Where they stand in the file (the first line is 1), for what the caller has to report. */
  readonly line: number;
}

/** An e-mail address in the one form that is stored and compared. */
export function normaliseEmail(typed: string): string {
  return typed.trim().normalize('NFC').toLowerCase();
}
