// What the watch of stand-ins tells to the desk, and how often.
import { describe, expect, it } from '@jest/globals';
import { StandInWatch } from '../../src/app/stand-in-watch.js';

type Running = Readonly<Record<string, string>>;

/** Two requests wait; the second cannot be read while it is broken. */
function watched() {
  const asked: (readonly [string, readonly string[]])[] = [];
  const now: { running: Running; isBroken: boolean } = { running: {}, isBroken: false };
  const watch = new StandInWatch({
    delegations: { running: () => Promise.resolve(new Map(Object.entries(now.running))) },
    desk: {
      askAnew: (moved, looked) => {
        const left = ['first', 'second'].filter((id) => !looked.has(id));
        const whole = left.filter((id) => id === 'first' || !now.isBroken);
        for (const id of whole) {
          looked.add(id);
          asked.push([id, [...moved]]);
        }
        return whole.length === left.length ? Promise.resolve(whole.length) : Promise.reject(new AggregateError([], 'broken'));
      },
    },
    clock: () => new Date(0),
  });
  return { watch, asked, now };
}

describe('the watch of stand-ins', () => {
  it('has the requests ask anew once for each move, and not without one', async () => {
    const { watch, asked, now } = watched();
    expect(await watch.look()).toBe(0);
    now.running = { dana: 'liam' };
    expect([await watch.look(), await watch.look()]).toEqual([2, 0]);
    now.running = { dana: 'sam' };
    expect([await watch.look(), await watch.look()]).toEqual([2, 0]);
    expect(asked).toHaveLength(4);
  });

  it('looks again at one that failed, and has the others ask no second time', async () => {
    const { watch, asked, now } = watched();
    now.isBroken = true;
    now.running = { dana: 'liam' };
    for (let beat = 0; beat < 5; beat += 1) await expect(watch.look()).rejects.toThrow('broken');
    expect(asked).toEqual([['first', ['dana']]]);
    now.isBroken = false;
    expect(await watch.look()).toBe(1);
    expect(asked.at(-1)).toEqual(['second', ['dana']]);
    expect(await watch.look()).toBe(0);
  });

  it('has all ask again when a say is back that not all had heard had moved', async () => {
    const { watch, asked, now } = watched();
    now.isBroken = true;
    now.running = { dana: 'liam' };
    await expect(watch.look()).rejects.toThrow('broken');
    now.running = {};
    await expect(watch.look()).rejects.toThrow('broken');
    expect(asked).toEqual([['first', ['dana']], ['first', ['dana']]]);
  });
});
