// Which cards of one file share a key or a PUK, found by digests: no key is kept for it.
import type { CardProblem } from './card-file-columns.js';

/** What a card is called in a problem. */
export interface NamedCard {
  readonly line: number;
  readonly serial: string;
}

interface FirstOwner extends NamedCard {
  told: boolean;
}

/** Whoever has the key of one card could answer for the other one too, so a repeated key is a problem of both. */
export class RepeatedKeys {
  readonly #owners = new Map<string, FirstOwner>();

  /** The problems that this card's key makes: its own row's, and once that of the row that had the key first. */
  note(digest: string, { line, serial }: NamedCard): readonly CardProblem[] {
    const owner = this.#owners.get(digest);
    if (owner === undefined) {
      this.#owners.set(digest, { line, serial, told: false });
      return [];
    }
    const own = { line, serial, problem: sameKey({ line, serial }, owner) };
    if (owner.told) return [own];
    owner.told = true;
    return [{ line: owner.line, serial: owner.serial, problem: sameKey(owner, { line, serial }) }, own];
  }
}

function sameKey(card: NamedCard, other: NamedCard): string {
  return `Card ${card.serial} has the same key as card ${other.serial} on line ${other.line}: give each card a key of its own.`;
}

/** Two cards in some thousands share a PUK of eight digits by chance. With three, one PUK was given to many cards. */
const SUSPICIOUS_COUNT = 3;

export class RepeatedPuks {
  readonly #counts = new Map<string, number>();

  note(digest: string): void {
    this.#counts.set(digest, (this.#counts.get(digest) ?? 0) + 1);
  }

  /** A sentence for whoever imports the file, or null when nothing looks wrong. */
  warning(): string | null {
    const counts = [...this.#counts.values()].filter((count) => count >= SUSPICIOUS_COUNT);
    if (counts.length === 0) return null;
    const cards = counts.reduce((sum, count) => sum + count, 0);
    const shared = counts.length === 1 ? 'one PUK' : `${counts.length} PUKs`;
    return `${cards} cards share ${shared}: whoever is shown it once knows it for all of them. Give each card a PUK of its own.`;
  }
}
