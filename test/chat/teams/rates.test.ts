// What a conversation takes: never more than any window of the platform's table, and never less for longer than it must be.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CALLING, Rates, SENDING } from '../../../src/chat/teams/rates.js';
import { TestClock } from '../../support/world.js';

/** 0: there was room, and it is taken. */
function take(rates: Rates, conversationId: string): number {
  const wait = rates.waitFor(conversationId);
  if (wait === 0) rates.count(conversationId);
  return wait;
}

describe('the rate of one conversation', () => {
  it('is seven at once, an eighth a second later, and the ninth when the first two seconds are over', () => {
    const clock = new TestClock();
    const rates = new Rates(SENDING, clock.now);
    expect(Array.from({ length: 7 }, () => take(rates, 'a'))).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(take(rates, 'a')).toBe(1_000);
    expect(take(rates, 'b')).toBe(0);
    clock.forward(1_000);
    expect(take(rates, 'a')).toBe(0);
    expect(take(rates, 'a')).toBe(1_000);
    clock.forward(1_000);
    expect(take(rates, 'a')).toBe(0);
  });

  it('is 1,800 an hour at most', () => {
    const clock = new TestClock();
    const rates = new Rates(SENDING, clock.now);
    let sent = 0;
    for (let second = 0; second < 3_600; second += 1) {
      if (take(rates, 'a') === 0) sent += 1;
      clock.forward(1_000);
    }
    expect(sent).toBe(1_800);
  });

  it('is kept in every window, and what it says to wait is enough', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 150 });
    fc.assert(
      fc.property(steps, (pauses) => {
        const clock = new TestClock();
        const rates = new Rates(SENDING, clock.now);
        const sent: number[] = [];
        for (const pause of pauses) {
          clock.forward(pause);
          const wait = take(rates, 'a');
          clock.forward(wait);
          if (wait > 0) expect(take(rates, 'a')).toBe(0);
          sent.push(clock.now().getTime());
        }
        for (const { max, perMs } of SENDING) {
          for (const at of sent) expect(sent.filter((one) => one > at - perMs && one <= at).length).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the rate of the whole tenant', () => {
  it('is thirty a second, and what is counted beyond it makes the others wait', () => {
    const clock = new TestClock();
    const rates = new Rates(CALLING, clock.now);
    expect(Array.from({ length: 31 }, () => take(rates, ''))).toEqual([...Array.from({ length: 30 }, () => 0), 1_000]);
    clock.forward(500);
    rates.count('');
    expect(rates.waitFor('')).toBe(500);
    clock.forward(500);
    expect(rates.waitFor('')).toBe(0);
  });
});
