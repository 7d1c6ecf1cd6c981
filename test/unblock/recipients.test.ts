// Whom a notice is for, as text and back.
import { describe, expect, it } from '@jest/globals';
import { CHANNELS, parseRecipient, personAndManager } from '../../src/unblock/recipients.js';

describe('the name of a recipient', () => {
  it('is read back, whatever the id of a person looks like', () => {
    expect(parseRecipient('person:emma')).toEqual({ kind: 'person', personId: 'emma' });
    expect(parseRecipient('person:a:b\nchannel:security')).toEqual({ kind: 'person', personId: 'a:b\nchannel:security' });
    for (const channel of CHANNELS) expect(parseRecipient(`channel:${channel}`)).toEqual({ kind: 'channel', channel });
  });

  it.each(['', 'person', 'person:', 'channel:', 'channel:board', 'emma', 'Person:emma', 'channel:helpdesk '])('%p is none', (name) => {
    expect(() => parseRecipient(name)).toThrow('is no recipient');
  });
});

describe('whoever hears of what happened to somebody', () => {
  it('is that person, and the manager where there is one', () => {
    expect(personAndManager({ id: 'emma', managerId: 'dana' })).toEqual(['person:emma', 'person:dana']);
    expect(personAndManager({ id: 'dana', managerId: null })).toEqual(['person:dana']);
  });
});
