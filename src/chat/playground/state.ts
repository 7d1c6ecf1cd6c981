// The playground's own memory, in one JSON file: it stands for the chat service's store of messages,
// the chips of the simulated cards and the authenticators of the sample people.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isErrno } from '../../lib/errno.js';
import { newId } from '../../lib/ids.js';
import type { Message } from '../message.js';
import { SimulatedCard } from './card.js';
import type { CardIdentity } from './card.js';
import type { CardView } from './page/wire.js';
import { PlaygroundError } from './playground-error.js';

/** 'person:<id>' is that person's chat with the bot; 'channel:<name>' a channel. */
export type Place = string;

export interface PostedMessage {
  readonly id: string;
  readonly copyId: string;
  readonly at: string;
  readonly edited: boolean;
  readonly message: Message;
}

/** What a person wrote to the bot, under the id of its delivery. */
export interface SpokenWords {
  readonly id: string;
  readonly at: string;
  readonly text: string;
}

export interface Seeds {
  /** Base32. */
  readonly inUse: string | null;
  /** Shown for scanning, but not yet proved by a code. */
  readonly beingSetUp: string | null;
}

export type StatePart = 'messages' | 'cards' | 'codes';

const OWNER_ONLY = 0o600;
/** Older ones are let go, as a chat service's retention would. */
const MESSAGES_KEPT_PER_PLACE = 200;

const memorySchema = z.strictObject({
  version: z.literal(1),
  places: z.record(
    z.string(),
    z.array(
      z.strictObject({
        id: z.string(),
        copyId: z.string(),
        at: z.string(),
        edited: z.boolean(),
        message: z.custom<Message>(looksLikeMessage),
      }),
    ),
  ),
  cards: z.array(
    z.strictObject({
      serial: z.string(),
      label: z.string(),
      holderId: z.string(),
      keyHex: z.string(),
      puk: z.string().optional(),
      pin: z.string().nullable(),
      pinTriesLeft: z.int().min(0),
      refusedResponses: z.int().min(0),
      challengeHex: z.string().nullable(),
    }),
  ),
  seeds: z.record(z.string(), z.strictObject({ inUse: z.string().nullable(), beingSetUp: z.string().nullable() })),
});

type Memory = z.infer<typeof memorySchema>;

export class PlaygroundState {
  readonly #path: string;
  readonly #messages: Map<Place, PostedMessage[]>;
  readonly #words = new Map<Place, SpokenWords[]>();
  readonly #cards: Map<string, SimulatedCard>;
  readonly #seeds: Map<string, Seeds>;
  readonly #listeners = new Set<(part: StatePart) => void>();

  /** Opens the file, or starts empty where there is none. Throws PlaygroundError 'state-unreadable' for a damaged one. */
  constructor(path: string) {
    const memory = readMemory(path);
    this.#path = path;
    this.#messages = new Map(Object.entries(memory.places));
    this.#cards = new Map(memory.cards.map((card) => [card.serial, new SimulatedCard(card, card)]));
    this.#seeds = new Map(Object.entries(memory.seeds));
  }

  /** Calls the listener after each change, until the returned function is called. */
  onChange(listener: (part: StatePart) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  places(): readonly Place[] {
    return [...new Set([...this.#messages.keys(), ...this.#words.keys()])];
  }

  messagesAt(place: Place): readonly PostedMessage[] {
    return this.#messages.get(place) ?? [];
  }

  wordsAt(place: Place): readonly SpokenWords[] {
    return this.#words.get(place) ?? [];
  }

  /** Posts a message and returns its id. A copy that is already there is brought up to date instead of posted twice. */
  post(place: Place, message: Message, { copyId, at }: { readonly copyId: string; readonly at: Date }): string {
    const there = this.messagesAt(place).find((posted) => posted.copyId === copyId);
    if (there !== undefined) {
      this.update(place, there.id, message);
      return there.id;
    }
    const posted = { id: newId(), copyId, at: at.toISOString(), edited: false, message };
    this.#messages.set(place, [...this.messagesAt(place), posted].slice(-MESSAGES_KEPT_PER_PLACE));
    this.#save('messages');
    return posted.id;
  }

  /** Replaces a message's content; false if it is no longer there. */
  update(place: Place, id: string, message: Message): boolean {
    const messages = this.messagesAt(place);
    if (!messages.some((posted) => posted.id === id)) return false;
    this.#messages.set(
      place,
      messages.map((posted) => (posted.id === id ? { ...posted, edited: true, message } : posted)),
    );
    this.#save('messages');
    return true;
  }

  /** Remembers what a person wrote, until the process ends: never on disk, for people write secrets by mistake. */
  hear(place: Place, words: SpokenWords): void {
    if (this.wordsAt(place).some((heard) => heard.id === words.id)) return;
    this.#words.set(place, [...this.wordsAt(place), words].slice(-MESSAGES_KEPT_PER_PLACE));
    this.#tell('messages');
  }

  cards(): readonly CardView[] {
    return [...this.#cards.values()].map((card) => card.view);
  }

  /** Adds a simulated card whose PIN is blocked; one of the same serial keeps its memory. */
  addCard(identity: CardIdentity): void {
    if (this.#cards.has(identity.serial)) return;
    this.#cards.set(identity.serial, new SimulatedCard(identity));
    this.#save('cards');
  }

  /** Lends a card for one exchange and keeps what it remembers; null if there is no such card. */
  withCard<T>(serial: string, use: (card: SimulatedCard) => T): T | null {
    const card = this.#cards.get(serial);
    if (card === undefined) return null;
    const result = use(card);
    this.#save('cards');
    return result;
  }

  seeds(): readonly (Seeds & { readonly personId: string })[] {
    return [...this.#seeds].map(([personId, seeds]) => ({ personId, ...seeds }));
  }

  /** Remembers a sample person's seed (base32), in use at once. */
  rememberSeed(personId: string, seed: string): void {
    this.#seeds.set(personId, { inUse: seed, beingSetUp: null });
    this.#save('codes');
  }

  /** Remembers a seed that was shown to be scanned; the one in use stays until the new one is proved. */
  scanSeed(personId: string, seed: string): void {
    const inUse = this.#seeds.get(personId)?.inUse ?? null;
    if (inUse === seed) return;
    this.#seeds.set(personId, { inUse, beingSetUp: seed });
    this.#save('codes');
  }

  /** The new authenticator was proved: it replaces the one before. */
  keepScannedSeed(personId: string): void {
    const scanned = this.#seeds.get(personId)?.beingSetUp;
    if (scanned === null || scanned === undefined) return;
    this.rememberSeed(personId, scanned);
  }

  #save(part: StatePart): void {
    const memory: Memory = {
      version: 1,
      places: Object.fromEntries(this.#messages),
      cards: [...this.#cards.values()].map((card) => card.toMemory()),
      seeds: Object.fromEntries(this.#seeds),
    };
    writeMemory(this.#path, memory);
    this.#tell(part);
  }

  #tell(part: StatePart): void {
    for (const listener of this.#listeners) listener(part);
  }
}

function readMemory(path: string): Memory {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { version: 1, places: {}, cards: [], seeds: {} };
    throw new PlaygroundError('state-unreadable', `${path} cannot be read`, error);
  }
  try {
    return memorySchema.parse(JSON.parse(text));
  } catch (error) {
    throw new PlaygroundError('state-unreadable', `${path} is damaged. Bring it back from a backup, or begin a new playground with an empty data folder: the sample cards' keys are in it`, error);
  }
}

/** Whole or not at all: the new file takes the old one's name once it is complete. */
function writeMemory(path: string, memory: Memory): void {
  const draft = `${path}.new`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, JSON.stringify(memory), { mode: OWNER_ONLY });
  renameSync(draft, path);
}

function looksLikeMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'title' in value && 'blocks' in value && 'buttons' in value;
}
