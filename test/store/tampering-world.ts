// A whole installation whose rows a test changes behind its back, and what must be said about it.
import { expect } from '@jest/globals';
import type { Reply } from '../../src/chat/event.js';
import type { VaultErrorCode } from '../../src/vault/vault-error.js';
import { hasResponse, sentenceIn } from '../flows/steps.js';
import { openWorld, type World } from '../support/world.js';
import { captureLog, type CapturedLog } from './captured-log.js';

const FAULT = /^Something went wrong, and nothing was changed\. Try again; if it stays, give the helpdesk this reference: ([\w-]{8})\.$/;

export interface TamperingWorld {
  readonly world: World;
  readonly captured: CapturedLog;
  /** Runs a statement that changes rows; fails if it changes none. */
  tamper(statement: string): Promise<void>;
  /** Expects that what a person does while the database is changed so meets a fault. `change` done twice undoes itself. */
  whileChanged(change: string, act: () => Promise<Reply>, code: VaultErrorCode): Promise<void>;
  /** Expects the neutral sentence, and its reference in the log with this code. `from`: the first line that may have it. */
  expectFault(reply: Reply, code: VaultErrorCode, from: number): void;
}

export async function openTamperingWorld(): Promise<TamperingWorld> {
  const captured = captureLog();
  const world = await openWorld({ log: captured.log });

  async function tamper(statement: string): Promise<void> {
    expect(await world.parts.database.$executeRawUnsafe(statement)).toBeGreaterThan(0);
  }

  function expectFault(reply: Reply, code: VaultErrorCode, from: number): void {
    expect(hasResponse(reply)).toBe(false);
    expect(sentenceIn(reply)).toMatch(FAULT);
    const reference = FAULT.exec(sentenceIn(reply))?.[1] ?? '';
    const told = captured.lines.slice(from).filter((line) => line.includes(`"reference":"${reference}"`));
    expect(told.map((line) => (JSON.parse(line) as { err: { errorCode: string } }).err.errorCode)).toEqual([code]);
  }

  async function whileChanged(change: string, act: () => Promise<Reply>, code: VaultErrorCode): Promise<void> {
    const from = captured.lines.length;
    await tamper(change);
    try {
      expectFault(await act(), code, from);
    } finally {
      await tamper(change);
    }
  }

  return { world, captured, tamper, whileChanged, expectFault };
}

/** Exchanges columns between the two rows of a table whose `by` has these values. */
export function swap(table: string, by: string, [one, other]: readonly [string, string], columns: readonly string[]): string {
  const set = columns.map((column) => `"${column}" = b."${column}"`).join(', ');
  const pair = (first: string, second: string) => `(a."${by}" = '${first}' AND b."${by}" = '${second}')`;
  return `UPDATE "${table}" a SET ${set} FROM "${table}" b WHERE ${pair(one, other)} OR ${pair(other, one)}`;
}

/** Changes one bit of a column of bytes. */
export function flip(table: string, where: string, column: string, at: number): string {
  return `UPDATE "${table}" SET "${column}" = set_byte("${column}", ${at}, get_byte("${column}", ${at}) # 1) WHERE ${where}`;
}

/** Sets a column to an expression that, done twice, gives what was there. */
export function change(table: string, where: string, column: string, expression: string): string {
  return `UPDATE "${table}" SET "${column}" = ${expression} WHERE ${where}`;
}

/** Codes that met a fault stay counted as tries: not what such a test is about. */
export async function forgetTries(world: World): Promise<void> {
  await world.parts.database.authenticator.updateMany({ data: { tries: 0, lockedUntil: null } });
  await world.parts.database.guessScope.deleteMany();
}
