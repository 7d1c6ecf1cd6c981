// The sample people, cards and authenticators of a playground. Their keys and seeds are random, made at its first start.
import { randomBytes } from 'node:crypto';
import type { CardDraft } from '../card/card-file.js';
import { keyCheckValue } from '../card/kcv.js';
import { findProfile } from '../card/profiles.js';
import { playgroundAccount } from '../chat/playground/platform.js';
import type { PlaygroundState } from '../chat/playground/state.js';
import type { PersonDraft } from '../directory/person.js';
import { fromHex, toHex, wipe } from '../lib/bytes.js';
import { addMs, DAY_MS } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { newSeed, seedBase32, seedFromBase32, TOTP_ALGORITHM } from '../stepup/totp.js';
import type { Parts } from './parts.js';

const TDES_KEY_BYTES = 24;
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

const CARDS = [
  { serial: 'SAMPLE-0001', label: "Emma's card", holderId: 'E1001', holderEmail: 'emma.novak@example.com' },
  { serial: 'SAMPLE-0002', label: "Liam's card", holderId: 'E1002', holderEmail: 'liam.okafor@example.com' },
  { serial: 'SAMPLE-0003', label: "Dana's card", holderId: 'E2001', holderEmail: MANAGER_EMAIL },
];

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
    state.addCard({ ...card, keyHex: toHex(randomBytes(TDES_KEY_BYTES)) });
    if (sealed.includes(card.serial)) continue;
    const keyHex = state.withCard(card.serial, (simulated) => simulated.toMemory().keyHex) ?? '';
    await parts.cards.import([draftOf(card, fromHex(keyHex))]);
  }
}

function draftOf({ serial, label, holderEmail }: (typeof CARDS)[number], key: Uint8Array | null): CardDraft {
  const profile = findProfile('gids');
  if (profile === null || key === null) throw new Error('a sample card cannot be made');
  return { line: 0, serial, label, profile, holderEmail, secret: { kind: 'key', key, kcv: keyCheckValue('3des', key) } };
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
