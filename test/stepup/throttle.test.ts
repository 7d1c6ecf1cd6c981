// The numbers of guessing.
import { describe, expect, it } from '@jest/globals';
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/clock.js';
import type { Reservation } from '../../src/stepup/authenticator-store.js';
import { dayScope, enrolmentScope, lockAfter, momentToCheck, requestScope, voteScope } from '../../src/stepup/throttle.js';
import { AT } from './support.js';

describe('an authenticator', () => {
  it.each([0, 1, 4])('is not locked after %i tries', (tries) => {
    expect(lockAfter(tries, AT)).toBeNull();
  });

  it.each([5, 6, 7])('is locked for five minutes after %i tries', (tries) => {
    expect(lockAfter(tries, AT)).toEqual(addMs(AT, 5 * MINUTE_MS));
  });

  it.each([8, 9, 10, 11])('is locked for an hour after %i tries', (tries) => {
    expect(lockAfter(tries, AT)).toEqual(addMs(AT, HOUR_MS));
  });
});

describe('a scope', () => {
  it('of a request or a vote allows three tries, of an enrolment five, of a day twenty', () => {
    const scopes = [requestScope('r1'), voteScope('r1', 'p1'), enrolmentScope('a1', 'new'), dayScope('p1', 'own', AT)];
    expect(scopes.map(({ limit }) => limit)).toEqual([3, 3, 5, 20]);
  });

  it('is shared with no other', () => {
    const scopes = [
      requestScope('r1'),
      requestScope('r2'),
      voteScope('r1', 'p1'),
      voteScope('r1', 'p2'),
      voteScope('r2', 'p1'),
      enrolmentScope('r1', 'new'),
      enrolmentScope('r1', 'old'),
      dayScope('p1', 'own', AT),
      dayScope('p1', 'others', AT),
      dayScope('p2', 'own', AT),
      dayScope('p1', 'own', addMs(AT, DAY_MS)),
    ];
    expect(new Set(scopes.map(({ key }) => key)).size).toBe(scopes.length);
  });

  it('of a day is the same from midnight to midnight, UTC', () => {
    const [first, last] = [new Date('2026-01-05T00:00:00Z'), new Date('2026-01-05T23:59:59.999Z')];
    expect(dayScope('p1', 'own', first)).toEqual(dayScope('p1', 'own', last));
  });
});

describe('momentToCheck', () => {
  const repeated: Reservation = { kind: 'repeated', scopeTries: [], firstAt: AT };

  it('is now for a new guess, and never for one that is not to be checked', () => {
    expect(momentToCheck({ kind: 'reserved', scopeTries: [] }, AT)).toEqual(AT);
    expect(momentToCheck({ kind: 'not-checked', scopeTries: [] }, AT)).toBeNull();
  });

  it('is the first time for a repeat within two minutes, and never for a later one', () => {
    expect(momentToCheck(repeated, addMs(AT, 2 * MINUTE_MS))).toEqual(AT);
    expect(momentToCheck(repeated, addMs(AT, 2 * MINUTE_MS + 1))).toBeNull();
  });
});
