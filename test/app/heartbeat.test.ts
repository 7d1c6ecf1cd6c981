import { describe, expect, it } from '@jest/globals';
import { startHeartbeat } from '../../src/app/heartbeat.js';
import { silentLog } from '../../src/lib/log.js';

describe('the heartbeat', () => {
  it('beats once more when it is woken during a beat, and not once for each waking', async () => {
    let beats = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const heart = startHeartbeat({ chore: () => { beats += 1; return beats === 1 ? held : Promise.resolve(); } }, silentLog);
    const first = heart.beat();
    const woken = [heart.beat(), heart.beat(), heart.beat()];
    release();
    await Promise.all([first, ...woken]);
    expect(beats).toBe(2);
    await heart.stop();
  });

  it('goes on when one chore fails, and does nothing after it was stopped', async () => {
    let beats = 0;
    const heart = startHeartbeat({ broken: () => Promise.reject(new Error('broken')), fine: () => { beats += 1; return Promise.resolve(); } }, silentLog);
    await heart.beat();
    await heart.stop();
    await heart.beat();
    expect(beats).toBe(1);
  });
});
