// What must hold after one race, told by the two processes, by everybody's replies and by the audit.
import { createDecipheriv } from 'node:crypto';
import type { UnblockRequest } from '../../src/unblock/request.js';
import type { Prepared } from './arena.js';
import { personOf, type Role } from './plan.js';
import type { Told } from './replica.js';

export interface Entry {
  readonly kind: string;
  readonly actor: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A race that is over. */
export interface Raced extends Prepared {
  readonly told: readonly Told[];
  /** The request as each of the two processes reads it, as JSON. */
  readonly seen: readonly string[];
  /** Its audit entries, oldest first. */
  readonly entries: readonly Entry[];
}

const CLOSED = ['denied', 'cancelled', 'expired', 'failed', 'done'];
const CLOSING = ['denied', 'cancelled', 'expired', 'failed', 'outcome'];
const DONE = 'done';
/** What the losers may hear. */
const NOES = ['request-closed', 'request-expired', 'not-now', 'request-ended'];

/** What is wrong with it; nothing where all is well. */
export function faultsOf(raced: Raced, key: string): readonly string[] {
  const is = JSON.parse(raced.seen[0] ?? '{}') as UnblockRequest;
  const checks: Readonly<Record<string, boolean>> = {
    'both processes read the same': raced.seen.length === 2 && raced.seen[0] === raced.seen[1],
    'everybody is told an outcome': raced.told.every(({ said }) => said === DONE || NOES.includes(said)) && raced.told.length === entrantsOf(raced).length,
    'one ending, told to one and written once, and nothing after it': endsOnce(raced, is),
    'votes are counted once, and each is in the audit': votesOnce(raced, is),
    'a response comes after all approvals, once, and nothing ends it': answersOnce(raced, is),
    'each effect is one version': is.version === raced.request.version + effectsOf(raced),
    'the response fits the challenge': raced.told.every(({ response }) => response === null || answered(key, response) === raced.challenge),
  };
  return Object.entries(checks).flatMap(([what, holds]) => (holds ? [] : [what]));
}

/** After everything that was open has ended. */
export function finalFaultsOf(entries: readonly Entry[], state: string): readonly string[] {
  const closing = entries.filter(({ kind }) => CLOSING.includes(kind));
  const worked = closing.every(({ kind, facts }) => kind !== 'outcome' || facts['worked'] === true);
  const ends = worked && closing.length === 1 && closing[0] === entries.at(-1) && CLOSED.includes(state) && closing[0]?.facts['state'] === state;
  return ends ? [] : [`ended as ${state} with ${closing.map(({ kind }) => kind).join(', ')}`];
}

/** What came before what, of the deeds that raced: `cancel before reveal`. */
export function orderIn(raced: Raced): readonly string[] {
  const expired = of(raced, 'expired').length > 0;
  const deeds = [...new Set(raced.race.entrants.map(({ deed }) => deed))];
  const happened = (deed: string): boolean => (deed === 'expiry' ? expired : doneBy(raced, deed).length > 0);
  // A vote may be followed by an end, which nothing follows.
  const isBefore = (one: string, other: string): boolean => happened(one) && (!happened(other) || one === 'approve');
  return deeds.flatMap((one) => deeds.filter((other) => other !== one && isBefore(one, other)).map((other) => `${one} before ${other}`));
}

function entrantsOf({ race }: Prepared) {
  // The deadline is nobody's, so that nobody is told of it.
  return race.entrants.filter(({ by }) => by !== null);
}

function doneBy({ told }: Raced, ...deeds: readonly string[]): readonly Told[] {
  return told.filter(({ deed, said }) => said === DONE && deeds.includes(deed));
}

function of({ entries }: Raced, ...kinds: readonly string[]): readonly Entry[] {
  return entries.filter(({ kind }) => kinds.includes(kind));
}

function endsOnce(raced: Raced, is: UnblockRequest): boolean {
  const closing = of(raced, ...CLOSING);
  const ended = doneBy(raced, 'deny', 'revoke', 'cancel').length + of(raced, 'expired').length;
  if (!CLOSED.includes(is.state)) return closing.length === 0 && ended === 0;
  return closing.length === 1 && ended === 1 && closing[0]?.kind === is.state && raced.entries.at(-1) === closing[0];
}

function votesOnce(raced: Raced, is: UnblockRequest): boolean {
  const votes = of(raced, 'vote').map(({ actor }) => actor);
  const approvers = is.approvals.map(({ approverId }) => approverId);
  const before = raced.request.approvals.length;
  const told = doneBy(raced, 'approve').length;
  return new Set(votes).size === votes.length && votes.join() === approvers.join() && votes.length === before + told && of(raced, 'approval-complete').length === (votes.length === raced.needed ? 1 : 0);
}

function answersOnce(raced: Raced, is: UnblockRequest): boolean {
  const shown = doneBy(raced, 'reveal');
  const released = of(raced, 'released');
  if (shown.length === 0) return released.length === 0 && is.state !== 'answered';
  const [release] = released;
  const before = raced.entries.slice(0, release === undefined ? 0 : raced.entries.indexOf(release));
  const agreed = new Set(before.filter(({ kind }) => kind === 'vote').map(({ actor }) => actor));
  const mayAgree = (['manager', 'second'] as const satisfies readonly Role[]).map((role) => personOf(raced.lane, role));
  const isOne = released.length === 1 && of(raced, 'shown-again').length === shown.length - 1 && new Set(shown.map(({ response }) => response)).size === 1;
  return isOne && is.state === 'answered' && agreed.size >= raced.needed && [...agreed].every((id) => mayAgree.some((one) => one === id)) && before.some(({ kind }) => kind === 'approval-complete');
}

function effectsOf(raced: Raced): number {
  return raced.told.filter(({ said }) => said === DONE).length + of(raced, 'expired').length;
}

/** What a card with this key (3DES, hex) finds when it checks a response. */
function answered(key: string, response: string): string {
  const cipher = createDecipheriv('des-ede3', Buffer.from(key, 'hex'), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.from(response, 'hex')), cipher.final()]).toString('hex').toUpperCase();
}
