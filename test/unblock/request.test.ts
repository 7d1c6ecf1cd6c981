// A stored request: read back as it was, or not at all.
import { describe, expect, it } from '@jest/globals';
import { isOpen, parseRequest } from '../../src/unblock/request.js';
import { answered, approved, CLOSED, opened, waiting } from './support.js';

const OPEN = [opened(), waiting(), approved(), answered()];

describe('a stored request', () => {
  it.each([...OPEN, ...CLOSED])('that is $state is read back as it was', (request) => {
    expect(parseRequest(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a state that there is not', { ...opened(), state: 'paused' }],
    ['a state without the fields it has', { ...opened(), state: 'approved' }],
    ['a time that is text', { ...opened(), expiresAt: '2026-06-01' }],
    ['an approval by nobody', { ...approved(), approvals: [{ at: 1 }] }],
    ['a stage that asks for nobody', { ...opened(), requirement: { ...opened().requirement, stages: [{ from: [], count: 1 }] } }],
    ['an outcome that there is not', { ...CLOSED[0], outcome: 'perhaps' }],
  ])('that holds %s is not read at all', (_, stored) => {
    expect(() => parseRequest(stored)).toThrow();
  });

  it('is open until it is closed', () => {
    expect(OPEN.map(isOpen)).toEqual(OPEN.map(() => true));
    expect(CLOSED.map(isOpen)).toEqual(CLOSED.map(() => false));
  });
});
