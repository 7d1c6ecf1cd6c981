// What Slack keeps us waiting with: sent in its order when the time is over, told in another way when that is too late.
import { describe, expect, it } from '@jest/globals';
import { addMs } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { type Errand, HeldErrands } from '../../../src/chat/slack/held.js';
import { rateLimited, SlackFault } from '../../../src/chat/slack/slack-fault.js';
import { TestClock } from '../../support/world.js';

const MINUTE = 60_000;

function desk() {
  const clock = new TestClock();
  const said: string[] = [];
  const limits: number[] = [];
  const held = new HeldErrands(clock.now, silentLog);
  const errand = (name: string, more: Partial<Errand> = {}): Errand => ({
    place: null,
    until: addMs(clock.now(), MINUTE),
    send: () => {
      const waitMs = limits.shift();
      if (waitMs !== undefined) return Promise.reject(rateLimited('chat.postMessage', waitMs));
      said.push(name);
      return Promise.resolve();
    },
    instead: () => {
      said.push(`instead of ${name}`);
      return Promise.resolve();
    },
    ...more,
  });
  const after = async (ms: number) => {
    clock.forward(ms);
    await held.sendDue();
    return said;
  };
  return { held, said, limits, errand, after };
}

describe('an errand', () => {
  it('that Slack takes is done at once', async () => {
    const { held, said, errand } = desk();
    await held.send(errand('one'));
    expect(said).toEqual(['one']);
  });

  it('that Slack limits is done when the time is over, not before, and in its order', async () => {
    const { held, limits, errand, after } = desk();
    limits.push(5_000, 5_000);
    await held.send(errand('one'));
    await held.send(errand('two'));
    expect(await after(4_999)).toEqual([]);
    expect(await after(1)).toEqual(['one', 'two']);
    expect(await after(MINUTE)).toEqual(['one', 'two']);
  });

  it('may be limited again, until it would be too late', async () => {
    const { held, limits, errand, after } = desk();
    limits.push(20_000, 20_000, 30_000);
    await held.send(errand('one'));
    expect(await after(20_000)).toEqual([]);
    expect(await after(20_000)).toEqual(['instead of one']);
  });

  it('that would come too late is told in another way at once', async () => {
    const { held, said, limits, errand } = desk();
    limits.push(MINUTE + 1);
    await held.send(errand('one'));
    expect(said).toEqual(['instead of one']);
  });

  it('that Slack does not answer is done a few seconds later, however many there are', async () => {
    const { held, errand, after } = desk();
    let broken = 25;
    const send = () => (broken-- > 0 ? Promise.reject(new SlackFault('no-answer', 'views.update: no answer from Slack')) : Promise.resolve());
    for (let nth = 0; nth < 25; nth += 1) await held.send(errand('broken', { send }));
    await after(4_999);
    expect(broken).toBe(0);
    await after(1);
    expect(broken).toBe(-25);
  });

  it('that Slack limits without a time is not tried again at once', async () => {
    const { held, limits, errand, after } = desk();
    limits.push(0, 0);
    await held.send(errand('one'));
    expect(await after(999)).toEqual([]);
    expect(await after(1)).toEqual([]);
    expect(await after(1_000)).toEqual(['one']);
  });

  it('gives way to a later one for the same place', async () => {
    const { held, limits, errand, after } = desk();
    limits.push(5_000);
    await held.send(errand('old', { place: 'V1' }));
    await held.send(errand('new', { place: 'V1' }));
    expect(await after(MINUTE)).toEqual(['new']);
  });

  it('that Slack refuses for another reason is told at once, and later holds up no other', async () => {
    const { held, limits, errand, after } = desk();
    const no = () => Promise.reject(new SlackFault('refused', 'views.update: not_found', { reason: 'not_found' }));
    await expect(held.send(errand('one', { send: no }))).rejects.toMatchObject({ reason: 'not_found' });
    limits.push(1_000);
    let calls = 0;
    await held.send(errand('two', { send: () => (calls++ === 0 ? Promise.reject(rateLimited('views.update', 1_000)) : no()) }));
    await held.send(errand('three'));
    expect(await after(1_000)).toEqual(['three']);
  });

  it('that still waits when the process leaves is told in another way', async () => {
    const { held, limits, errand, after } = desk();
    limits.push(5_000);
    await held.send(errand('one'));
    await held.giveUp();
    expect(await after(MINUTE)).toEqual(['instead of one']);
  });

  it('is one of a thousand that wait, and no more', async () => {
    const { held, said, limits, errand } = desk();
    limits.push(...Array.from({ length: 1_001 }, () => 1_000));
    for (let nth = 0; nth < 1_001; nth += 1) await held.send(errand(String(nth)));
    expect(said).toEqual(['instead of 1000']);
  });
});
