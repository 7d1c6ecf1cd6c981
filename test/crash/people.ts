// Those who live the stories: cardholders with cards of their own, the helpdesk, and their authenticators.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Parts } from '../../src/app/parts.js';
import { toHex } from '../../src/lib/bytes.js';
import { addMs, DAY_MS, SECOND_MS } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import { currentCode, newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';

const STEP_MS = 30 * SECOND_MS;
const POLL_MS = 200;
const ENROLLED_AGO_MS = 90 * DAY_MS;
const KEY_BYTES = 24;

/** An authenticator that never shows the same code twice. */
export class Authenticator {
  readonly #seed: Uint8Array;
  #lastStep = 0;

  constructor(seed: Uint8Array) {
    this.#seed = seed;
  }

  /** A code that is good for half a minute at least. Waits for one when this one's codes are used up. */
  async nextCode(): Promise<string> {
    // One step ahead is accepted too, as from a phone whose clock is fast.
    while (this.#lastStep > stepNow()) await sleep(POLL_MS);
    this.#lastStep = Math.max(stepNow(), this.#lastStep + 1);
    return currentCode(this.#seed, new Date(this.#lastStep * STEP_MS));
  }
}

function stepNow(): number {
  return Math.floor(Date.now() / STEP_MS);
}

export interface Person {
  readonly id: string;
  readonly authenticator: Authenticator;
}

export interface Cardholder extends Person {
  readonly serial: string;
  /** The card's 3DES key, which the test has as the card has it. */
  readonly keyHex: string;
}

export interface Crowd {
  readonly holders: readonly Cardholder[];
  readonly helpdesk: readonly Person[];
  /** For `people import`. */
  readonly peopleCsv: string;
  /** For `cards import`. */
  readonly cardsCsv: string;
  /** Gives everybody their authenticator. */
  enrol(parts: Parts): Promise<void>;
}

const MANAGERS = ['M1', 'M2'];

export function newCrowd(size: { readonly holders: number; readonly helpdesk: number }): Crowd {
  const seeds = new Map<string, Uint8Array>();
  const person = (id: string): Person => {
    const seed = newSeed();
    seeds.set(id, seed);
    return { id, authenticator: new Authenticator(seed) };
  };
  const ids = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
  const holders = ids('C', size.holders).map((id) => ({ ...person(id), serial: `CRASH-${id}`, keyHex: toHex(randomBytes(KEY_BYTES)) }));
  const helpdesk = ids('H', size.helpdesk).map(person);
  return {
    holders,
    helpdesk,
    peopleCsv: peopleCsv(holders, helpdesk),
    cardsCsv: cardsCsv(holders),
    enrol: async (parts) => {
      for (const [personId, seed] of seeds) await enrol(parts, personId, seed);
    },
  };
}

function peopleCsv(holders: readonly Person[], helpdesk: readonly Person[]): string {
  const rows = [
    ...MANAGERS.map((id) => [id, `Manager ${id}`, emailOf(id), '', '']),
    ...helpdesk.map(({ id }) => [id, `Helpdesk ${id}`, emailOf(id), '', 'helpdesk']),
    ...holders.map(({ id }, at) => [id, `Cardholder ${id}`, emailOf(id), emailOf(MANAGERS[at % MANAGERS.length] ?? ''), '']),
  ];
  return csv(['id', 'name', 'e-mail', 'manager', 'groups'], rows);
}

function cardsCsv(holders: readonly Cardholder[]): string {
  const rows = holders.map(({ id, serial, keyHex }) => [serial, `Card of ${id}`, 'gids', emailOf(id), keyHex, '']);
  return csv(['serial', 'label', 'profile', 'holder', 'key', 'kcv'], rows);
}

function csv(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}

function emailOf(id: string): string {
  return `${id.toLowerCase()}@crash.example`;
}

async function enrol({ vault, authenticators, clock }: Parts, personId: string, seed: Uint8Array): Promise<void> {
  const content = { authenticatorId: newId(), personId, algorithm: TOTP_ALGORITHM };
  const sealed = await vault.sealSeed(content, seed);
  const createdAt = addMs(clock(), -ENROLLED_AGO_MS);
  await authenticators.addSample({ id: content.authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt }, clock());
}
