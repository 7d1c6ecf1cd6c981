// Sealed codes: printed for two named people and kept in envelopes, for the day when nobody else can agree.
import { equalBytes, inGroups, lengthPrefixed } from '../lib/bytes.js';
import { newId, newReadableCode } from '../lib/ids.js';
import { refuse, type Refused } from '../lib/refusal.js';
import type { RowMac } from '../vault/row-mac.js';
import type { Attempt, GuessToReserve, Reservation } from './authenticator-store.js';
import { plainCode } from './code-text.js';
import { stretchCode } from './recovery.js';
import { momentToCheck, sealedScope } from './throttle.js';

/** So many for each person: a use takes one, and a second use comes before the next print. */
export const CODES_EACH = 5;
// 5 bits each: 80 random bits.
const CODE_CHARACTERS = 16;

/** A sealed code at rest: a digest under scrypt, then under a key that the database does not have. */
export interface SealedRow {
  readonly id: string;
  readonly personId: string;
  readonly digest: Uint8Array;
}

export interface StoredSealedCode extends SealedRow {
  readonly used: boolean;
}

/** The set that is in force. */
export interface SealedSet {
  readonly id: string;
  /** Ids of the two who are named. */
  readonly people: readonly string[];
  readonly issuedAt: Date;
  /** Used ones too. */
  readonly codes: readonly StoredSealedCode[];
}

/** What one person puts into their envelope. */
export interface Sheet {
  readonly personId: string;
  /** In groups of four. */
  readonly codes: readonly string[];
}

/** Right codes, to be spent in the transaction of what they pay for. */
export interface SpentSealed {
  readonly setId: string;
  /** One a person. */
  readonly codes: readonly { readonly id: string; readonly personId: string }[];
  /** Where the try was counted, to be given back. */
  readonly counted: readonly string[];
}

/** What checking sealed codes asks of storage. */
export interface SealedStore {
  /** Null: none is in force. Throws VaultError `row-tampered`. */
  inForce(): Promise<SealedSet | null>;
  reserveGuess(guess: GuessToReserve): Promise<Reservation>;
  /** Right codes were not spent: takes back the try that they cost. */
  giveBack(spend: SpentSealed): Promise<void>;
}

export type SealedRefusal = 'sealed-none' | 'sealed-not-accepted' | 'sealed-one-person';

/** New codes for these people: `sheets` to be printed once, `rows` into the database. */
export async function newSealedCodes(setId: string, people: readonly string[], rowMac: RowMac): Promise<{ readonly sheets: readonly Sheet[]; readonly rows: readonly SealedRow[] }> {
  const made = people.map((personId) => ({ personId, codes: Array.from({ length: CODES_EACH }, () => newReadableCode(CODE_CHARACTERS)) }));
  const rows = await Promise.all(
    made.flatMap(({ personId, codes }) =>
      codes.map(async (code) => {
        const row = { id: newId(), personId };
        return { ...row, digest: digestOf(await stretch(code, setId), row, rowMac) };
      }),
    ),
  );
  return { sheets: made.map(({ personId, codes }) => ({ personId, codes: codes.map((code) => inGroups(code)) })), rows };
}

/** The code of the set that was typed, whatever its grouping, or null. One scrypt, however many there are. */
export async function findSealedCode(typed: string, { id, codes }: Pick<SealedSet, 'id' | 'codes'>, rowMac: RowMac): Promise<StoredSealedCode | null> {
  const stretched = await stretch(plainCode(typed), id);
  const found = codes.filter((row) => equalBytes(row.digest, digestOf(stretched, row, rowMac)));
  return found[0] ?? null;
}

export class SealedCodes {
  readonly #store: SealedStore;
  readonly #rowMac: RowMac;

  constructor({ store, rowMac }: { readonly store: SealedStore; readonly rowMac: RowMac }) {
    this.#store = store;
    this.#rowMac = rowMac;
  }

  /** Null: none is in force. */
  inForce(): Promise<SealedSet | null> {
    return this.#store.inForce();
  }

  /**
   * All that was typed together, as one guess, counted before it is looked at. Which of the codes was wrong, or that one
   * was used before, is not said. `sealed-one-person`: they are right, and of one person's envelope.
   */
  async check({ typed, attempt, at }: { readonly typed: readonly string[]; readonly attempt: Attempt; readonly at: Date }): Promise<SpentSealed | Refused<SealedRefusal>> {
    const set = await this.#store.inForce();
    if (set === null) return refuse('sealed-none');
    const scope = sealedScope(at);
    const codeMac = this.#rowMac.digest('guess', 'sealed', attempt.formId, attempt.actorId, ...typed.map(plainCode));
    const reservation = await this.#store.reserveGuess({ authenticatorId: null, countsAgainstAuthenticator: false, scopes: [scope], attempt: { ...attempt, codeMac }, at });
    if (momentToCheck(reservation, at) === null) return refuse('sealed-not-accepted');
    const repeated = reservation.kind === 'repeated';
    const found: StoredSealedCode[] = [];
    for (const code of typed) {
      const row = await findSealedCode(code, set, this.#rowMac);
      // Whether the code of a repeat is unspent is for the transaction to say.
      if (row !== null && (!row.used || repeated)) found.push(row);
    }
    if (typed.length === 0 || found.length < typed.length) return refuse('sealed-not-accepted');
    const spend = { setId: set.id, codes: found.map(({ id, personId }) => ({ id, personId })), counted: repeated ? [] : [scope.key] };
    if (new Set(found.map(({ personId }) => personId)).size === found.length) return spend;
    await this.#store.giveBack(spend);
    return refuse('sealed-one-person');
  }

  giveBack(spend: SpentSealed): Promise<void> {
    return this.#store.giveBack(spend);
  }
}

function digestOf(stretched: Uint8Array, row: Pick<SealedRow, 'id' | 'personId'>, rowMac: RowMac): Uint8Array {
  return rowMac.digest('sealed-code', row.personId, row.id, stretched);
}

function stretch(code: string, setId: string): Promise<Uint8Array> {
  return stretchCode(code, lengthPrefixed(['countersign-sealed-v1', setId]));
}
