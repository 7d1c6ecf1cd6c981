// What a refused response may come from.
import { describe, expect, it } from '@jest/globals';
import { diagnoseRefusal } from '../../src/card/diagnosis.js';
import type { RefusedResponse } from '../../src/card/diagnosis.js';

const REFUSED: RefusedResponse = {
  challengeBytes: 8,
  confirmed: true,
  answeredHex: '1603EBDF1C8A2E72',
  onScreen: '',
  refusals: 1,
  limit: 5,
};

describe('diagnoseRefusal', () => {
  it('finds nothing where nothing stands out', () => {
    expect(diagnoseRefusal(REFUSED)).toEqual([]);
  });

  it('tells a screen of another length, with what that suggests', () => {
    const onScreen = 'B61A 151A B3EB E457 7B3E 01FC 26A5 1BC5';
    expect(diagnoseRefusal({ ...REFUSED, onScreen })).toEqual([
      { cause: 'other-length', detail: { digits: '32', expected: '16', suggests: 'aes' } },
    ]);
    expect(diagnoseRefusal({ ...REFUSED, challengeBytes: 16, onScreen: '1603 EBDF 1C8A 2E72' })).toEqual([
      { cause: 'other-length', detail: { digits: '16', expected: '32', suggests: '3des' } },
    ]);
  });

  it.each(['1603 EBDF 1C8A 2E7', '1603 EBDF 1C8A', '123456', '1'.repeat(501)])('makes nothing of the slip %j', (onScreen) => {
    expect(diagnoseRefusal({ ...REFUSED, onScreen })).toEqual([]);
  });

  it('tells the same challenge from another one', () => {
    expect(diagnoseRefusal({ ...REFUSED, onScreen: '1603-ebdf-1c8a-2e72' })).toEqual([
      { cause: 'same-challenge', detail: { shown: '1603 EBDF 1C8A 2E72' } },
    ]);
    expect(diagnoseRefusal({ ...REFUSED, onScreen: '39A0 A8E9 F528 8775' })).toEqual([
      { cause: 'challenge-changed', detail: { answered: '1603 EBDF 1C8A 2E72', shown: '39A0 A8E9 F528 8775' } },
    ]);
  });

  it('tells digits that were taken for others, in either direction', () => {
    expect(diagnoseRefusal({ ...REFUSED, onScreen: '16D3 E8DF 1C8A 2E72' })).toEqual([
      {
        cause: 'challenge-misread',
        detail: { answered: '1603 EBDF 1C8A 2E72', shown: '16D3 E8DF 1C8A 2E72', positions: '3, 6' },
      },
    ]);
    expect(diagnoseRefusal({ ...REFUSED, answeredHex: '16D3E8DF1C8A2E72', onScreen: '1603 EBDF 1C8A 2E72' })).toMatchObject([
      { cause: 'challenge-misread', detail: { positions: '3, 6' } },
    ]);
  });

  it('takes one digit that nobody confuses, or too many that somebody may, for another challenge', () => {
    expect(diagnoseRefusal({ ...REFUSED, onScreen: '1603 EBDF 1C8A 2E7F' })).toMatchObject([{ cause: 'challenge-changed' }]);
    expect(diagnoseRefusal({ ...REFUSED, onScreen: '16D3 E80F 1C8A 2E12' })).toMatchObject([{ cause: 'challenge-changed' }]);
  });

  it('says why what is typed cannot be on a screen', () => {
    expect(diagnoseRefusal({ ...REFUSED, onScreen: 'the same' })).toEqual([
      { cause: 'screen-unreadable', detail: { reason: 'challenge-not-hex', character: 't', expected: '16' } },
    ]);
  });

  it('suspects card or key from the second refusal on', () => {
    expect(diagnoseRefusal({ ...REFUSED, limit: 9, refusals: 2 })).toEqual([
      { cause: 'wrong-card-or-key', detail: { refusals: '2' } },
    ]);
  });

  it('says that the kind of card is not confirmed', () => {
    expect(diagnoseRefusal({ ...REFUSED, confirmed: false })).toEqual([{ cause: 'kind-not-confirmed', detail: {} }]);
  });

  it.each([
    [3, '2'],
    [4, '1'],
    [5, '0'],
    [6, '0'],
  ])('warns after %d of 5 refusals that %s are left', (refusals, left) => {
    expect(diagnoseRefusal({ ...REFUSED, refusals })).toContainEqual({ cause: 'near-limit', detail: { left } });
  });

  it('tells the likeliest cause first', () => {
    const all = diagnoseRefusal({ ...REFUSED, onScreen: '1603 EBDF 1C8A 2E72', confirmed: false, refusals: 3 });
    expect(all.map(({ cause }) => cause)).toEqual(['same-challenge', 'wrong-card-or-key', 'kind-not-confirmed', 'near-limit']);
  });
});
