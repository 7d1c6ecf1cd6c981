// The sample people, cards and authenticators of a playground. Their keys and seeds are random, made at its first start.
import { randomBytes, randomInt } from 'node:crypto';
import type { CardDraft } from '../card/card-file.js';
import { keyCheckValue } from '../card/kcv.js';
import { BUILT_IN_PROFILES } from '../card/profiles.js';
import type { CardIdentity } from '../chat/playground/card.js';
import { playgroundAccount } from '../chat/playground/platform.js';
import type { PlaygroundState } from '../chat/playground/state.js';
import type { PersonDraft } from '../directory/person.js';
import { fromHex, toHex, utf8, wipe } from '../lib/bytes.js';
import { addMs, DAY_MS } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { newSeed, seedBase32, seedFromBase32, TOTP_ALGORITHM } from '../stepup/totp.js';
import type { Parts } from './parts.js';

const TDES_KEY_BYTES = 24;
const PUK_DIGITS = 8;
/** So long ago that nobody's authenticator counts as new. */
const ENROLLED_AGO_MS = 90 * DAY_MS;

const MANAGER_EMAIL = 'dana.weber@example.com';

const PEOPLE: readonly PersonDraft[] = [
  person('E1001', 'Emma Novak', 'emma.novak@example.com', { managerEmail: MANAGER_EMAIL }),
  person('E1002', 'Liam Okafor', 'liam.okafor@example.com', { managerEmail: MANAGER_EMAIL }),
  person('E2001', 'Dana Weber', MANAGER_EMAIL, {}),
  person('E3001', 'Sam Ortiz', 'sam.ortiz@example.com', { groups: ['helpdesk'] }),
  person('E3002', 'Priya Raman', 'priya.raman@example.com', { groups: ['helpdesk'] }),
];

const CARDS: readonly (Omit<CardIdentity, 'keyHex' | 'puk'> & { readonly holderEmail: string; readonly byPuk?: true })[] = [
  { serial: 'SAMPLE-0001', label: "Emma's card", holderId: 'E1001', holderEmail: 'emma.novak@example.com' },
  { serial: 'SAMPLE-0002', label: "Liam's card", holderId: 'E1002', holderEmail: 'liam.okafor@example.com' },
  { serial: 'SAMPLE-0003', label: "Dana's card", holderId: 'E2001', holderEmail: MANAGER_EMAIL },
  // One of the many cards whose PIN only the PUK resets.
  { serial: 'SAMPLE-0004', label: "Sam's YubiKey", holderId: 'E3001', holderEmail: 'sam.ortiz@example.com', byPuk: true },
];
type SampleCard = (typeof CARDS)[number];

/** Fills an empty playground. Run again after a kill in the middle, it adds what is missing. */
export async function addSamples(parts: Parts, state: PlaygroundState): Promise<void> {
  const known = new Set((await parts.people.all()).map(({ id }) => id));
  if (known.size === 0) await parts.people.import(PEOPLE, ({ id }) => playgroundAccount(id));
  await addCards(parts, state);
  for (const { id } of PEOPLE) await addAuthenticator(parts, state, id);
}

/** The simulated card first: it keeps its key, so that a second run seals the same one. */
async function addCards(parts: Parts, state: PlaygroundState): Promise<void> {
  const sealed = await parts.cards.serials();
  for (const card of CARDS) {
    const { serial, label, holderId } = card;
    const puk = card.byPuk === true ? { puk: newPuk() } : {};
    state.addCard({ serial, label, holderId, keyHex: toHex(randomBytes(TDES_KEY_BYTES)), ...puk });
    if (sealed.includes(serial)) continue;
    const kept = state.withCard(serial, (simulated) => simulated.toMemory());
    if (kept !== null) await parts.cards.import([draftOf(card, kept)]);
  }
}

function draftOf({ serial, label, holderEmail }: SampleCard, { keyHex, puk }: CardIdentity): CardDraft {
  const profile = BUILT_IN_PROFILES.find(puk === undefined ? 'gids' : 'yubikey-aes-192');
  const key = fromHex(keyHex);
  if (profile === null || key === null) throw new Error('a sample card cannot be made');
  const own = { kind: 'key', key, kcv: keyCheckValue('3des', key) } as const;
  return { line: 0, serial, label, profile, holderEmail, tags: [], sponsorEmail: null, secret: puk === undefined ? own : { kind: 'puk', puk: utf8(puk) } };
}

function newPuk(): string {
  return String(randomInt(10 ** PUK_DIGITS)).padStart(PUK_DIGITS, '0');
}

async function addAuthenticator({ authenticators, vault, clock }: Parts, state: PlaygroundState, personId: string): Promise<void> {
  if ((await authenticators.activeAuthenticator(personId)) !== null) return;
  const kept = state.seeds().find((seeds) => seeds.personId === personId)?.inUse ?? null;
  const seed = kept === null ? newSeed() : seedFromBase32(kept);
  if (kept === null) state.rememberSeed(personId, seedBase32(seed));
  const content = { authenticatorId: newId(), personId, algorithm: TOTP_ALGORITHM };
  const sealed = await vault.sealSeed(content, seed);
  const createdAt = addMs(clock(), -ENROLLED_AGO_MS);
  await authenticators.addSample({ id: content.authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt }, clock());
  wipe(seed);
}

function person(
  id: string,
  name: string,
  email: string,
  { managerEmail = null, groups = [] }: { readonly managerEmail?: string | null; readonly groups?: readonly string[] },
): PersonDraft {
  return { id, name, email, managerEmail, groups, site: null, locale: null, line: 0 };
}
