// What an invoke of Teams is read as.
import { describe, expect, it } from '@jest/globals';
import { executedIn } from '../../../src/chat/teams/invoke.js';

function executed(action: string): unknown {
  return { action: { type: 'Action.Execute', verb: 'press', data: { kind: 'pressed', action, target: 'request-1' } } };
}

describe('a button that acts beside its card', () => {
  it.each(['cancel', 'it-worked'])('is %s', (action) => {
    expect(executedIn(executed(action))).toEqual({ kind: 'pressed', action, target: 'request-1' });
  });

  it('is none whose answer belongs into a dialog', () => {
    const others = ['show-response', 'give-new-challenge', 'approve', 'deny', 'revoke', 'it-was-refused', 'not-me', 'my-authenticator', 'help-caller', 'start-unblock'];
    expect(others.map((action) => executedIn(executed(action)))).toEqual(others.map(() => null));
  });
});
