// A million made-up inputs: what a screen shows is read to the byte, whatever else is typed is refused, nothing throws.
import { describe, it } from '@jest/globals';
import { parseChallenge } from '../../src/card/challenge.js';
import { inGroups, toHex } from '../../src/lib/bytes.js';
import { isRefused } from '../../src/lib/refusal.js';
import { diceOf, dictatedScreen, HEX, LOOKS, mutated, noise, screenDigits, typedPieces, typedScreen } from './screens.js';
import type { Dice, Typed } from './screens.js';

/** Another seed tries other inputs: FUZZ_SEED=7 npm test -- test/card/challenge-fuzz */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_731);
const LONGEST = 500;
/** Far more than a busy machine needs; a guard against an endless loop. */
const PATIENCE_MS = 180_000;

type Trial = (dice: Dice, bytes: number) => { readonly typed: string; readonly wrong: string | null };

/** Runs `trial` so often, each with a seed of its own, and names the seed and the input of the first that fails. */
function fuzz(times: number, trial: Trial): void {
  for (let run = 0; run < times; run++) {
    const seed = (SEED + Math.imul(run, 0x9e3779b1)) >>> 0;
    const { typed, wrong } = trial(diceOf(seed), run % 2 === 0 ? 8 : 16);
    if (wrong !== null) throw new Error(`FUZZ_SEED=${SEED}, run ${run} (seed ${seed}): ${wrong} for ${JSON.stringify(typed)}`);
  }
}

/** What is wrong with how a screen was read, or null. */
function misreadScreen({ text, digits, misread }: Typed, bytes: number): string | null {
  const parsed = parseChallenge(text, bytes);
  if (isRefused(parsed)) {
    const tooLong = text.length > LONGEST && parsed.detail?.['digits'] === 'too many';
    return tooLong ? null : `${JSON.stringify(parsed)} instead of ${digits ?? ''}`;
  }
  if (toHex(parsed.bytes) !== digits) return `${parsed.groups} instead of ${digits ?? ''}`;
  const told = parsed.repaired.map(({ position }) => position).join();
  if (told !== misread.join()) return `repairs at ${told} instead of ${misread.join()}`;
  const untold = parsed.repaired.find(({ read, position }) => read !== digits[position - 1]);
  return untold === undefined ? wrongAgain(parsed.groups, bytes) : `a repair as ${untold.read}`;
}

/** Whatever was accepted reads the same when it is typed as it is shown for confirmation. */
function wrongAgain(groups: string, bytes: number): string | null {
  const again = parseChallenge(groups, bytes);
  if (isRefused(again)) return `${groups} is refused`;
  const same = again.groups === groups && again.repaired.length === 0 && again.bytes.length === bytes;
  return same && inGroups(toHex(again.bytes)) === groups ? null : `${groups} reads as ${again.groups}`;
}

const DIGIT_OF = new Map([
  ...Array.from(HEX, (digit): [string, string] => [digit, digit]),
  ...Array.from('abcdef', (digit): [string, string] => [digit, digit.toUpperCase()]),
  ...Object.entries(LOOKS).flatMap(([digit, looks]) => Array.from(looks, (look): [string, string] => [look, digit])),
]);

/** Every letter, number, bar and exclamation mark of an accepted text without words or notation is one of its digits. */
function wrongAccount(text: string, bytes: number): string | null {
  const parsed = parseChallenge(text, bytes);
  if (isRefused(parsed)) return null;
  const usual = text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  const account = Array.from(usual.match(/[\p{L}\p{N}|!]/gu) ?? [], (one) => DIGIT_OF.get(one) ?? '?').join('');
  return account === toHex(parsed.bytes) ? wrongAgain(parsed.groups, bytes) : `${parsed.groups} is not all of it`;
}

describe('a million inputs', () => {
  it('typed screens are read to the byte, with every repair told', () => {
    fuzz(350_000, (dice, bytes) => {
      const typed = typedScreen(dice, screenDigits(dice, bytes * 2));
      return { typed: typed.text, wrong: misreadScreen(typed, bytes) };
    });
  }, PATIENCE_MS);

  it('dictated screens are read to the byte', () => {
    fuzz(200_000, (dice, bytes) => {
      const typed = dictatedScreen(dice, screenDigits(dice, bytes * 2));
      return { typed: typed.text, wrong: misreadScreen(typed, bytes) };
    });
  }, PATIENCE_MS);

  it('groups, words and strangers are read as exactly those digits, or refused', () => {
    fuzz(150_000, (dice, bytes) => {
      const { text, digits } = typedPieces(dice, bytes * 2);
      const parsed = parseChallenge(text, bytes);
      const sound = isRefused(parsed) || toHex(parsed.bytes) === digits;
      return { typed: text, wrong: sound ? null : `accepted instead of ${digits ?? 'refused'}` };
    });
  }, PATIENCE_MS);

  it('noise is refused, or is a challenge to the last character', () => {
    fuzz(150_000, (dice, bytes) => {
      const typed = noise(dice);
      return { typed, wrong: wrongAccount(typed, bytes) };
    });
  }, PATIENCE_MS);

  it('one slip in a typed screen is refused, or is a challenge to the last character', () => {
    const gaps = [' ', '-', ':', '\n'];
    fuzz(150_000, (dice, bytes) => {
      const shown = inGroups(screenDigits(dice, bytes * 2)).replaceAll(' ', dice.pick(gaps));
      const typed = mutated(dice, shown);
      return { typed, wrong: wrongAccount(typed, bytes) };
    });
  }, PATIENCE_MS);
});
