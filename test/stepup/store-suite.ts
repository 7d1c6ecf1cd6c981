// What step-up relies on in its storage, for every storage that there is.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { addMs, MINUTE_MS } from '../../src/lib/clock.js';
import { newId } from '../../src/lib/ids.js';
import type { AuthenticatorStore, GuessToReserve, Scope, SpentCode } from '../../src/stepup/authenticator-store.js';
import type { Activation, EnrolmentStore, NewAuthenticator, NewInvitation } from '../../src/stepup/enrolment-store.js';
import type { RecoveryRow } from '../../src/stepup/recovery.js';
import { TOTP_ALGORITHM } from '../../src/stepup/totp.js';

/** An empty storage, and what others do to it. */
export interface StoreUnderTest {
  readonly store: AuthenticatorStore & EnrolmentStore;
  addPerson(personId: string, account: string): Promise<void>;
  addActive(authenticator: NewAuthenticator): Promise<void>;
  addRecoveryCodes(personId: string, rows: readonly RecoveryRow[]): Promise<void>;
  /** Spends a code in a transaction of its own; false when it was spent already. */
  spend(code: SpentCode): Promise<boolean>;
}

const AT = new Date('2026-01-05T09:00:00Z');

export function stepUpStoreSuite(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let tested: StoreUnderTest;
    let personId: string;
    let app: NewAuthenticator;

    beforeEach(async () => {
      tested = await open();
      personId = newId();
      app = newApp(personId);
      await tested.addPerson(personId, 'erin@example.com');
      await tested.addActive(app);
    });

    function guess(changes: Partial<GuessToReserve> = {}): GuessToReserve {
      return {
        authenticatorId: app.id,
        countsAgainstAuthenticator: true,
        scopes: [],
        attempt: { formId: newId(), actorId: personId, codeMac: new Uint8Array([1]) },
        at: AT,
        ...changes,
      };
    }

    async function reserve(times: number, at = AT): Promise<void> {
      for (let nth = 0; nth < times; nth += 1) await tested.store.reserveGuess(guess({ at }));
    }

    async function tries(): Promise<number | undefined> {
      return (await tested.store.activeAuthenticator(personId))?.tries;
    }

    function totp(step: bigint, counted: readonly string[] = []): SpentCode {
      return { kind: 'totp', authenticatorId: app.id, personId, step, counted };
    }

    describe('a guess', () => {
      it('is given back when its code was right and was not spent', async () => {
        const scopes: Scope[] = [{ key: 'request:given-back', limit: 3 }];
        await reserve(4);
        await tested.store.reserveGuess(guess({ scopes }));
        expect(await tries()).toBe(5);
        await tested.store.giveBack(totp(1n, ['request:given-back']));
        expect(await tries()).toBe(4);
        // The lock of the fifth try is gone with it.
        expect(await tested.store.reserveGuess(guess({ scopes }))).toMatchObject({ kind: 'reserved', scopeTries: [1] });
      });

      it('of somebody else for the person gives back its scopes alone', async () => {
        const scopes: Scope[] = [{ key: 'request:of-an-agent', limit: 3 }];
        await reserve(4);
        await tested.store.reserveGuess(guess({ scopes, countsAgainstAuthenticator: false }));
        await tested.store.giveBack({ ...totp(1n, ['request:of-an-agent']), spared: true });
        expect(await tries()).toBe(4);
        expect(await tested.store.reserveGuess(guess({ scopes }))).toMatchObject({ kind: 'reserved', scopeTries: [1] });
      });

      it('is counted in its authenticator and in each scope', async () => {
        const scopes = [scope(3), scope(20)];
        expect(await tested.store.reserveGuess(guess({ scopes }))).toEqual({ kind: 'reserved', scopeTries: [1, 1] });
        expect(await tested.store.reserveGuess(guess({ scopes: scopes.slice(1) }))).toEqual({ kind: 'reserved', scopeTries: [2] });
        expect(await tried()).toEqual({ tries: 2, lastStep: 0n });
      });

      it('is counted once for one form, actor and code', async () => {
        const scopes = [scope(3)];
        const first = guess({ scopes });
        await tested.store.reserveGuess(first);
        const again = await tested.store.reserveGuess({ ...first, at: addMs(AT, MINUTE_MS) });
        expect(again).toEqual({ kind: 'repeated', scopeTries: [1], firstAt: AT });
        for (const change of [{ formId: newId() }, { actorId: newId() }, { codeMac: new Uint8Array([2]) }]) {
          const other = await tested.store.reserveGuess({ ...first, attempt: { ...first.attempt, ...change } });
          expect(other.kind).not.toBe('repeated');
        }
        expect(await tries()).toBe(3);
      });

      it('is not checked where a scope has no try left, and costs the authenticator none', async () => {
        const [full, free] = [scope(1), scope(3)];
        await tested.store.reserveGuess(guess({ scopes: [full] }));
        const refused = await tested.store.reserveGuess(guess({ scopes: [full, free] }));
        expect(refused).toEqual({ kind: 'not-checked', scopeTries: [1, 1] });
        expect(await tries()).toBe(1);
      });

      it('counts in its scopes also without an authenticator', async () => {
        const scopes = [scope(1)];
        const strangers = { authenticatorId: null, scopes };
        expect(await tested.store.reserveGuess(guess(strangers))).toEqual({ kind: 'reserved', scopeTries: [1] });
        expect(await tested.store.reserveGuess(guess(strangers))).toEqual({ kind: 'not-checked', scopeTries: [1] });
      });

      it('never shares a try with another at the same moment', async () => {
        const scopes = [scope(3)];
        const all = await Promise.all(Array.from({ length: 8 }, () => tested.store.reserveGuess(guess({ scopes }))));
        expect(all.filter(({ kind }) => kind === 'reserved')).toHaveLength(3);
        expect(await tries()).toBe(3);
      });

      it('is counted once when it is delivered twice at the same moment', async () => {
        const same = guess({ scopes: [scope(3)] });
        const both = await Promise.all([tested.store.reserveGuess(same), tested.store.reserveGuess(same)]);
        expect(both.map(({ kind }) => kind).sort()).toEqual(['repeated', 'reserved']);
        expect(await tries()).toBe(1);
      });
    });

    describe('an authenticator', () => {
      it('is locked by the fifth guess, and its scopes count all the same', async () => {
        await reserve(5);
        const scopes = [scope(3)];
        const locked = guess({ scopes, at: addMs(AT, 5 * MINUTE_MS - 1) });
        expect(await tested.store.reserveGuess(locked)).toEqual({ kind: 'not-checked', scopeTries: [1] });
        expect(await tries()).toBe(5);
      });

      it('is not locked by guesses that do not count against it, but locks them', async () => {
        const byAgent = (at: Date): GuessToReserve => guess({ countsAgainstAuthenticator: false, at });
        for (let nth = 0; nth < 12; nth += 1) expect(await tested.store.reserveGuess(byAgent(AT))).toMatchObject({ kind: 'reserved' });
        await reserve(5);
        expect(await tested.store.reserveGuess(byAgent(AT))).toMatchObject({ kind: 'not-checked' });
      });

      it('forgets a guess that was not checked: it is a new one when the lock is over', async () => {
        await reserve(5);
        const early = guess({ at: AT });
        await tested.store.reserveGuess(early);
        expect(await tested.store.reserveGuess({ ...early, at: addMs(AT, 5 * MINUTE_MS) })).toMatchObject({ kind: 'reserved' });
      });

      it('has the same attempt counted once, where no scope counts it too', async () => {
        const same = guess();
        const again = [await tested.store.reserveGuess(same), await tested.store.reserveGuess(same)];
        expect(again).toEqual([{ kind: 'reserved', scopeTries: [] }, { kind: 'repeated', scopeTries: [], firstAt: AT }]);
        expect(await tries()).toBe(1);
      });

      it('takes ten guesses', async () => {
        for (let nth = 0; nth < 14; nth += 1) await reserve(1, addMs(AT, nth * 61 * MINUTE_MS));
        expect(await tested.store.activeAuthenticator(personId)).toBeNull();
      });
    });

    describe('a code', () => {
      it('is spent once, and gives the tries back', async () => {
        const counted = scope(3);
        await tested.store.reserveGuess(guess({ scopes: [counted] }));
        await tested.store.reserveGuess(guess({ scopes: [counted] }));
        expect(await tested.spend(totp(7n, [counted.key]))).toBe(true);
        expect(await tried()).toEqual({ tries: 0, lastStep: 7n });
        expect(await tested.store.reserveGuess(guess({ scopes: [counted] }))).toEqual({ kind: 'reserved', scopeTries: [2] });
        expect(await tested.spend(totp(7n, [counted.key]))).toBe(false);
        expect(await tested.spend(totp(6n))).toBe(false);
        expect(await tries()).toBe(1);
      });

      it('is spent once by many at the same moment', async () => {
        const all = await Promise.all(Array.from({ length: 6 }, () => tested.spend(totp(7n))));
        expect(all.filter(Boolean)).toHaveLength(1);
      });

      it('for recovery is spent once, by its person', async () => {
        const row = { id: newId(), digest: new Uint8Array(32) };
        await tested.addRecoveryCodes(personId, [row]);
        const code: SpentCode = { kind: 'recovery', authenticatorId: app.id, recoveryCodeId: row.id, personId, counted: [] };
        expect(await tested.store.recoveryCodes(personId)).toEqual([{ ...row, used: false }].map((one) => expect.objectContaining(one)));
        expect(await tested.spend({ ...code, personId: newId() })).toBe(false);
        expect(await tested.spend(code)).toBe(true);
        expect(await tested.spend(code)).toBe(false);
        expect(await tested.store.recoveryCodes(personId)).toEqual([expect.objectContaining({ id: row.id, used: true })]);
      });
    });

    describe('an invitation', () => {
      it('is open until it is used or over', async () => {
        const invitation = newInvitation(personId);
        await tested.store.createInvitation(invitation);
        const { id, digest, expiresAt } = invitation;
        expect(await tested.store.openInvitation(digest, AT)).toEqual({ id, personId, account: 'erin@example.com' });
        expect(await tested.store.openInvitation(digest, expiresAt)).toBeNull();
        expect(await tested.store.startPending(id, newApp(personId), expiresAt)).toBe(false);
        expect(await tested.store.startPending(id, newApp(personId), AT)).toBe(true);
        expect(await tested.store.openInvitation(digest, AT)).toBeNull();
        expect(await tested.store.startPending(id, newApp(personId), AT)).toBe(false);
      });

      it('ends when a newer one is made', async () => {
        const [older, newer] = [newInvitation(personId), newInvitation(personId)];
        await tested.store.createInvitation(older);
        await tested.store.createInvitation(newer);
        expect(await tested.store.openInvitation(older.digest, AT)).toBeNull();
        expect(await tested.store.openInvitation(newer.digest, AT)).not.toBeNull();
      });
    });

    describe('a pending authenticator', () => {
      let next: NewAuthenticator;

      beforeEach(async () => {
        next = await startPending();
      });

      async function startPending(): Promise<NewAuthenticator> {
        const invitation = newInvitation(personId);
        const pending = newApp(personId);
        await tested.store.createInvitation(invitation);
        await tested.store.startPending(invitation.id, pending, AT);
        return pending;
      }

      function activation(changes: Partial<Activation> = {}): Activation {
        const recoveryCodes = [{ id: newId(), digest: new Uint8Array(32).fill(1) }];
        const ids = { authenticatorId: next.id, personId, replaces: app.id };
        return { ...ids, provedStep: 9n, spend: totp(7n), voucher: null, recoveryCodes, at: AT, ...changes };
      }

      it('is kept as it was made', async () => {
        expect(await tested.store.pendingAuthenticator(next.id)).toMatchObject({ ...next, lastStep: 0n, tries: 0 });
        expect(await tested.store.pendingAuthenticator(app.id)).toBeNull();
      });

      it('ends when another is begun', async () => {
        const another = await startPending();
        expect(await tested.store.pendingAuthenticator(next.id)).toBeNull();
        expect(await tested.store.pendingAuthenticator(another.id)).not.toBeNull();
      });

      it('takes the place of the active one, with its proving step spent and recovery codes anew', async () => {
        await tested.addRecoveryCodes(personId, [{ id: newId(), digest: new Uint8Array(32) }]);
        const wanted = activation();
        expect(await tested.store.activate(wanted)).toBe('activated');
        expect(await tested.store.activeAuthenticator(personId)).toMatchObject({ id: next.id, lastStep: 9n, tries: 0 });
        const codes = await tested.store.recoveryCodes(personId);
        expect(codes.map(({ id }) => id)).toEqual(wanted.recoveryCodes.map(({ id }) => id));
        expect(await tested.spend(totp(100n))).toBe(false);
      });

      it.each<[string, Partial<Activation>]>([
        ['it replaces none, while there is one', { replaces: null, spend: null }],
        ['it replaces another than the active one', { replaces: newId() }],
        ['the active one works and no code of it is given', { spend: null }],
        ['it is not pending', { authenticatorId: newId() }],
      ])('is not activated when %s', async (_, changes) => {
        expect(await tested.store.activate(activation(changes))).toBe('lost');
        expect(await tested.store.activeAuthenticator(personId)).toMatchObject({ id: app.id, lastStep: 0n });
        expect(await tested.store.recoveryCodes(personId)).toEqual([]);
      });

      it('is not activated by a code that is spent', async () => {
        await tested.spend(totp(7n));
        expect(await tested.store.activate(activation())).toBe('lost');
        expect(await tested.store.pendingAuthenticator(next.id)).not.toBeNull();
      });

      it('is never activated without a code of the active one', async () => {
        expect(await tested.store.activate(activation({ spend: null }))).toBe('lost');
      });

      it('ends when the active one is disabled: whoever tries codes wins nothing by it', async () => {
        for (let nth = 0; nth < 10; nth += 1) await reserve(1, addMs(AT, nth * 61 * MINUTE_MS));
        expect(await tested.store.pendingAuthenticator(next.id)).toBeNull();
        expect(await tested.store.activate(activation({ spend: null, replaces: null }))).toBe('lost');
      });

      it('is activated once by many at the same moment', async () => {
        const all = await Promise.all(Array.from({ length: 4 }, () => tested.store.activate(activation())));
        expect(all.filter((outcome) => outcome === 'activated')).toHaveLength(1);
        expect(await tested.store.recoveryCodes(personId)).toHaveLength(1);
      });
    });

    describe('a first authenticator', () => {
      it('is not made beside one of anybody', async () => {
        const other = newId();
        await tested.addPerson(other, 'dana@example.com');
        expect(await tested.store.activateFirst(newApp(other))).toBe(false);
        expect(await tested.store.activeAuthenticator(other)).toBeNull();
      });

      it('is made in an empty storage, once', async () => {
        const empty = await open();
        await empty.addPerson('p1', 'erin@example.com');
        const first = newApp('p1');
        const both = await Promise.all([empty.store.activateFirst(first), empty.store.activateFirst(newApp('p1'))]);
        expect(both.sort()).toEqual([false, true]);
        expect(await empty.store.activeAuthenticator('p1')).toMatchObject({ lastStep: 0n, tries: 0 });
      });
    });

    async function tried(): Promise<unknown> {
      const active = await tested.store.activeAuthenticator(personId);
      return active === null ? null : { tries: active.tries, lastStep: active.lastStep };
    }
  });
}

function scope(limit: number): Scope {
  return { key: `scope ${newId()}`, limit };
}

function newApp(personId: string): NewAuthenticator {
  const sealed = { kekId: 'file:test', wrappedKey: new Uint8Array([1, 2]), sealed: new Uint8Array([3, 4]) };
  return { id: newId(), personId, algorithm: TOTP_ALGORITHM, sealed, createdAt: AT };
}

function newInvitation(personId: string): NewInvitation {
  const digest = new TextEncoder().encode(newId());
  return { id: newId(), personId, digest, createdAt: AT, expiresAt: addMs(AT, 10 * MINUTE_MS) };
}
