// What counts as night, also when the clocks are changed.
import { describe, expect, it } from '@jest/globals';
import { nightBegan } from '../../src/approval/night.js';

const ZURICH = { timeZone: 'Europe/Zurich', from: '20:00', to: '06:00' };

describe('a night', () => {
  it.each([
    ['before it', '2026-06-01T17:59:59Z', null],
    ['at its beginning', '2026-06-01T18:00:00Z', '2026-06-01T18:00:00.000Z'],
    ['after midnight', '2026-06-02T03:59:59Z', '2026-06-01T18:00:00.000Z'],
    ['at its end', '2026-06-02T04:00:00Z', null],
    ['when clocks go forward', '2026-03-29T03:59:00Z', '2026-03-28T19:00:00.000Z'],
    ['at the end of that one', '2026-03-29T04:00:00Z', null],
    ['when clocks go back', '2026-10-25T04:59:00Z', '2026-10-24T18:00:00.000Z'],
  ])('%s', (_, at, began) => {
    expect(nightBegan(ZURICH, Date.parse(at))).toBe(began === null ? null : Date.parse(began));
  });

  it('is never where the policy defines none', () => {
    expect(nightBegan(undefined, 0)).toBeNull();
  });
});
