// The playground keeps the contract of a chat platform.
import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/chat/message.js';
import { PlaygroundPlatform, playgroundAccount } from '../../../src/chat/playground/platform.js';
import { PlaygroundState } from '../../../src/chat/playground/state.js';
import { NOW, statePath } from './open-playground.js';

const MESSAGE: Message = { title: 'Waiting', tone: 'waiting', blocks: [], buttons: [] };

function aPlatform(): { platform: PlaygroundPlatform; state: PlaygroundState } {
  const state = new PlaygroundState(statePath());
  return { platform: new PlaygroundPlatform(state, () => NOW), state };
}

describe('an address', () => {
  it('of a person is their chat with the bot', async () => {
    expect(await aPlatform().platform.addressOf({ kind: 'account', ...playgroundAccount('p1') })).toBe('person:p1');
  });

  it('of a channel is the channel', async () => {
    expect(await aPlatform().platform.addressOf({ kind: 'channel', channel: 'security' })).toBe('channel:security');
  });

  it('of an account of another tenant does not exist', async () => {
    expect(await aPlatform().platform.addressOf({ kind: 'account', tenant: 'T024BE7LD', userId: 'p1' })).toBeNull();
  });
});

describe('a message', () => {
  it('is posted at the time of the clock and brought up to date', async () => {
    const { platform, state } = aPlatform();
    const id = await platform.post('person:p1', MESSAGE, 'c1');
    expect(await platform.update('person:p1', id, { ...MESSAGE, title: 'Approved' })).toBe('updated');
    expect(state.messagesAt('person:p1')).toEqual([
      { id, copyId: 'c1', at: NOW.toISOString(), edited: true, message: { ...MESSAGE, title: 'Approved' } },
    ]);
  });

  it('that is not there any more is gone', async () => {
    expect(await aPlatform().platform.update('person:p1', 'no-such-id', MESSAGE)).toBe('gone');
  });
});
