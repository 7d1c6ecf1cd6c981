// The playground's memory: what was posted, the cards and the authenticators survive a restart; what people wrote does not.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/chat/message.js';
import { PlaygroundError } from '../../../src/chat/playground/playground-error.js';
import { PlaygroundState } from '../../../src/chat/playground/state.js';
import type { StatePart } from '../../../src/chat/playground/state.js';
import { CARD_KEY, NOW, statePath } from './open-playground.js';

const EMMA = 'person:p1';
const CARD = { serial: 'S-1', label: 'Work card', holderId: 'p1', keyHex: CARD_KEY };

function aMessage(title: string): Message {
  return { title, tone: 'neutral', blocks: [], buttons: [] };
}

function titles(state: PlaygroundState): string[] {
  return state.messagesAt(EMMA).map((posted) => posted.message.title);
}

describe('the file', () => {
  it('keeps messages, cards and authenticators for the next start', () => {
    const path = statePath();
    const before = new PlaygroundState(path);
    before.post(EMMA, aMessage('Waiting'), { copyId: 'c1', at: NOW });
    before.addCard(CARD);
    before.rememberSeed('p1', 'JBSWY3DPEHPK3PXP');
    const after = new PlaygroundState(path);
    expect(after.messagesAt(EMMA)).toEqual(before.messagesAt(EMMA));
    expect(after.cards()).toEqual(before.cards());
    expect(after.seeds()).toEqual(before.seeds());
  });

  it('is readable by its owner alone', () => {
    const path = statePath();
    new PlaygroundState(path).addCard(CARD);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('never holds what a person wrote', () => {
    const path = statePath();
    const state = new PlaygroundState(path);
    state.hear(EMMA, { id: 'd1', at: NOW.toISOString(), text: 'my code is 492039' });
    state.post(EMMA, aMessage('Hello'), { copyId: 'c1', at: NOW });
    expect(state.wordsAt(EMMA).map((words) => words.text)).toEqual(['my code is 492039']);
    expect(readFileSync(path, 'utf8')).not.toContain('492039');
  });

  it.each(['', 'not JSON', '{"version":2}'])('that says "%s" is refused with its path', (text) => {
    const path = statePath();
    writeFileSync(path, text);
    expect(() => new PlaygroundState(path)).toThrow(PlaygroundError);
    expect(() => new PlaygroundState(path)).toThrow(path);
  });
});

describe('a message', () => {
  it('is brought up to date in its place', () => {
    const state = new PlaygroundState(statePath());
    const id = state.post(EMMA, aMessage('Waiting'), { copyId: 'c1', at: NOW });
    state.post(EMMA, aMessage('Another'), { copyId: 'c2', at: NOW });
    expect(state.update(EMMA, id, aMessage('Approved'))).toBe(true);
    expect(titles(state)).toEqual(['Approved', 'Another']);
    expect(state.messagesAt(EMMA).map((posted) => posted.edited)).toEqual([true, false]);
  });

  it('posted twice under one copy id is one message', () => {
    const state = new PlaygroundState(statePath());
    const first = state.post(EMMA, aMessage('Waiting'), { copyId: 'c1', at: NOW });
    expect(state.post(EMMA, aMessage('Approved'), { copyId: 'c1', at: NOW })).toBe(first);
    expect(titles(state)).toEqual(['Approved']);
  });

  it('in another place cannot be changed from here', () => {
    const state = new PlaygroundState(statePath());
    const id = state.post(EMMA, aMessage('Waiting'), { copyId: 'c1', at: NOW });
    expect(state.update('person:p2', id, aMessage('Approved'))).toBe(false);
    expect(titles(state)).toEqual(['Waiting']);
  });

  it('is let go after two hundred newer ones', () => {
    const state = new PlaygroundState(statePath());
    const id = state.post(EMMA, aMessage('First'), { copyId: 'first', at: NOW });
    for (let n = 0; n < 200; n += 1) state.post(EMMA, aMessage(`Message ${n}`), { copyId: `c${n}`, at: NOW });
    expect(state.messagesAt(EMMA)).toHaveLength(200);
    expect(state.update(EMMA, id, aMessage('Late'))).toBe(false);
  });
});

describe('what a person wrote', () => {
  it('delivered twice is heard once', () => {
    const state = new PlaygroundState(statePath());
    for (let n = 0; n < 2; n += 1) state.hear(EMMA, { id: 'd1', at: NOW.toISOString(), text: 'unblock' });
    expect(state.wordsAt(EMMA)).toHaveLength(1);
  });
});

describe('a card', () => {
  it('that is added again keeps its memory', () => {
    const state = new PlaygroundState(statePath());
    state.addCard(CARD);
    state.withCard('S-1', (card) => card.closeWindow());
    state.addCard({ ...CARD, label: 'Another' });
    expect(state.cards()).toEqual([expect.objectContaining({ label: 'Work card', challenge: null })]);
  });

  it('that is not there is lent to nobody', () => {
    expect(new PlaygroundState(statePath()).withCard('S-9', () => 'lent')).toBeNull();
  });
});

describe('an authenticator', () => {
  it('in use stays in use while a new one is set up', () => {
    const state = new PlaygroundState(statePath());
    state.rememberSeed('p1', 'OLD');
    state.scanSeed('p1', 'NEW');
    expect(state.seeds()).toEqual([{ personId: 'p1', inUse: 'OLD', beingSetUp: 'NEW' }]);
  });

  it('is replaced by the one that was proved', () => {
    const state = new PlaygroundState(statePath());
    state.rememberSeed('p1', 'OLD');
    state.scanSeed('p1', 'ABANDONED');
    state.scanSeed('p1', 'NEW');
    state.keepScannedSeed('p1');
    expect(state.seeds()).toEqual([{ personId: 'p1', inUse: 'NEW', beingSetUp: null }]);
  });

  it('stays as it is when nothing was scanned', () => {
    const state = new PlaygroundState(statePath());
    state.rememberSeed('p1', 'OLD');
    state.keepScannedSeed('p1');
    state.scanSeed('p1', 'OLD');
    expect(state.seeds()).toEqual([{ personId: 'p1', inUse: 'OLD', beingSetUp: null }]);
  });
});

describe('a listener', () => {
  it('is told which part changed, until it stops listening', () => {
    const state = new PlaygroundState(statePath());
    const heard: StatePart[] = [];
    const stop = state.onChange((part) => heard.push(part));
    state.post(EMMA, aMessage('Waiting'), { copyId: 'c1', at: NOW });
    state.hear(EMMA, { id: 'd1', at: NOW.toISOString(), text: 'hello' });
    state.addCard(CARD);
    state.rememberSeed('p1', 'SEED');
    stop();
    state.rememberSeed('p1', 'OTHER');
    expect(heard).toEqual(['messages', 'messages', 'cards', 'codes']);
  });
});
