// Which settings a file of card profiles has, what each may be, and which of them belong together.
import { z } from 'zod';
import { fromHex } from '../lib/bytes.js';
import { inertText } from '../lib/inert-text.js';
import { settings } from '../lib/yaml-problems.js';
import { BLOCK_BYTES, KEY_BYTES } from './cipher.js';
import type { Cipher } from './cipher.js';

const MAX_ID_CHARACTERS = 40;
const MAX_NAME_CHARACTERS = 80;
const MAX_TEXT_CHARACTERS = 400;
const MAX_LINES = 12;
const MAX_PROFILES = 200;
const MAX_CHALLENGE_BYTES = 64;
const MAX_PUK_CHARACTERS = 64;
const MAX_TRIES = 100;

const id = z
  .string()
  .max(MAX_ID_CHARACTERS)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, { error: 'must be lower-case letters and digits, with single dashes between' });

const sentence = line(MAX_TEXT_CHARACTERS);
const sentences = z.array(sentence).max(MAX_LINES);
const count = z.int().min(1);

const limit = z.custom<number | 'unlimited' | null>(
  (value) => value === null || value === 'unlimited' || count.max(MAX_TRIES).safeParse(value).success,
  { error: `must be a whole number from 1 to ${MAX_TRIES}, unlimited, or left out where it is unknown` },
);

const puk = settings({
  minLength: count.max(MAX_PUK_CHARACTERS),
  maxLength: count.max(MAX_PUK_CHARACTERS),
  characters: z.enum(['digits', 'ascii']),
  tries: count.max(MAX_TRIES).nullable().default(null),
}).refine(({ minLength, maxLength }) => minLength <= maxLength, { path: ['maxLength'], error: 'must not be below minLength' });

const profile = settings({
  id,
  name: line(MAX_NAME_CHARACTERS),
  unlock: z.enum(['cryptogram', 'puk', 'puk-as-hex', 'not-recoverable']),
  cipher: z.enum(['3des', 'aes-128', 'aes-192', 'aes-256']).exactOptional(),
  mode: z.enum(['one-block-ecb', 'cbc-zero-iv']).exactOptional(),
  challengeBytes: count.max(MAX_CHALLENGE_BYTES).exactOptional(),
  keyBytes: z.array(z.int()).min(1).exactOptional(),
  defaultKeys: z.array(z.string().toUpperCase()).max(MAX_LINES).exactOptional(),
  wrongResponseLimit: limit.exactOptional(),
  puk: puk.exactOptional(),
  challengeOnScreen: sentence.exactOptional(),
  newChallenge: sentence.exactOptional(),
  afterResponse: sentences.min(1).exactOptional(),
  instead: sentence.exactOptional(),
  warnings: sentences.exactOptional(),
  source: sentence,
  confirmed: z.boolean().default(false),
  assumed: sentences.exactOptional(),
  notes: z.string().default('').transform((typed) => inertText(typed, MAX_TEXT_CHARACTERS)),
}).superRefine((written, context) => {
  for (const [field, message] of disagreements(written)) context.addIssue({ code: 'custom', path: [field], message });
});

export const profileFileSchema = settings({
  version: z.literal(1),
  profiles: z.array(profile).min(1).max(MAX_PROFILES),
});

export type WrittenProfile = z.infer<typeof profile>;

/** One line without characters that cannot be seen, cut to `maxLength`. */
function line(maxLength: number): z.ZodType<string, string> {
  const shown = z.string().transform((typed) => inertText(typed, maxLength));
  return shown.refine((text) => text !== '', { error: 'must not be empty' });
}

type Field = keyof WrittenProfile;
type Disagreement = readonly [field: Field, problem: string];

function disagreements(written: WrittenProfile): readonly Disagreement[] {
  return [...missing(written), ...misplaced(written), ...unfitForCipher(written)];
}

function missing({ unlock, cipher, mode, challengeBytes, puk: rule, instead }: WrittenProfile): readonly Disagreement[] {
  const needs = (field: Field, of: string): Disagreement => [field, `is missing: ${of} needs it`];
  const found: Disagreement[] = [];
  if (unlock === 'cryptogram' && cipher === undefined) found.push(needs('cipher', 'unlock cryptogram'));
  if (isByPuk(unlock) && rule === undefined) found.push(needs('puk', `unlock ${unlock}`));
  if (unlock === 'not-recoverable' && instead === undefined) found.push(needs('instead', 'unlock not-recoverable'));
  if (mode === 'cbc-zero-iv' && challengeBytes === undefined) found.push(needs('challengeBytes', 'mode cbc-zero-iv'));
  return found;
}

const WITH_CIPHER_ONLY: readonly Field[] = ['mode', 'challengeBytes', 'keyBytes', 'defaultKeys', 'wrongResponseLimit'];

function misplaced(written: WrittenProfile): readonly Disagreement[] {
  const { unlock, cipher } = written;
  const isLost = unlock === 'not-recoverable';
  const foreign: readonly Field[] = [
    ...(isByPuk(unlock) ? [] : (['puk'] as const)),
    ...(isLost ? (['cipher', 'afterResponse'] as const) : (['instead'] as const)),
  ];
  const idle = cipher === undefined && unlock !== 'cryptogram' ? WITH_CIPHER_ONLY : [];
  const isWritten = (field: Field) => written[field] !== undefined;
  return [
    ...foreign.filter(isWritten).map((field): Disagreement => [field, `does not go with unlock ${unlock}`]),
    ...idle.filter(isWritten).map((field): Disagreement => [field, 'does not go without a cipher']),
  ];
}

function unfitForCipher({ cipher, mode = 'one-block-ecb', ...written }: WrittenProfile): readonly Disagreement[] {
  if (cipher === undefined) return [];
  const { challengeBytes = BLOCK_BYTES[cipher], keyBytes = [], defaultKeys = [] } = written;
  const sizes = KEY_BYTES[cipher];
  const found: Disagreement[] = [];
  if (!isWhole(challengeBytes, mode, cipher)) {
    const wanted = mode === 'one-block-ecb' ? String(BLOCK_BYTES[cipher]) : `a multiple of ${BLOCK_BYTES[cipher]}`;
    found.push(['challengeBytes', `must be ${wanted} for ${cipher} in mode ${mode}`]);
  }
  if (!keyBytes.every((size) => sizes.includes(size))) found.push(['keyBytes', `must be ${sizes.join(' or ')} for ${cipher}`]);
  if (!defaultKeys.every((key) => sizes.includes(fromHex(key)?.length ?? 0))) {
    found.push(['defaultKeys', `must be hex, ${sizes.map((size) => size * 2).join(' or ')} digits each, for ${cipher}`]);
  }
  return found;
}

function isWhole(challengeBytes: number, mode: NonNullable<WrittenProfile['mode']>, cipher: Cipher): boolean {
  const block = BLOCK_BYTES[cipher];
  return mode === 'one-block-ecb' ? challengeBytes === block : challengeBytes % block === 0;
}

function isByPuk(unlock: WrittenProfile['unlock']): boolean {
  return unlock === 'puk' || unlock === 'puk-as-hex';
}
