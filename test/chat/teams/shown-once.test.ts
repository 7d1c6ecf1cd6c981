// An answer that can be given once is kept for two minutes, for the same account and form alone.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ChatEvent, Reply } from '../../../src/chat/event.js';
import { noticeForm } from '../../../src/chat/forms.js';
import { ENGLISH } from '../../../src/chat/english.js';
import { ShownOnce } from '../../../src/chat/teams/shown-once.js';

const FORM_ID = 'f'.repeat(22);

let shown: ShownOnce;
let times = 0;
beforeEach(() => {
  jest.useFakeTimers();
  shown = new ShownOnce();
  times = 0;
});
afterEach(() => void jest.useRealTimers());

function sent(userId: string, facts: Partial<Extract<ChatEvent, { kind: 'submitted' }>> = {}): ChatEvent {
  const from = { platform: 'teams', tenant: 't', userId } as const;
  return { kind: 'submitted', from, deliveryId: 'd', form: 'enroll-prove', formId: FORM_ID, target: '', inputs: {}, ...facts };
}

function codes(): Promise<Reply> {
  times += 1;
  return Promise.resolve({ kind: 'form', form: { ...noticeForm('Keep these', ENGLISH), blocks: [{ kind: 'keep', label: 'Codes', lines: [`code ${times}`] }] } });
}

describe('recovery codes', () => {
  it('are made once for deliveries of one form at the same time, and after it', async () => {
    const [first, second] = await Promise.all([shown.answer(sent('emma'), codes), shown.answer(sent('emma'), codes)]);
    expect(second).toBe(first);
    expect(await shown.answer(sent('emma', { deliveryId: 'e' }), codes)).toBe(first);
    expect(times).toBe(1);
  });

  it('are forgotten after two minutes', async () => {
    await shown.answer(sent('emma'), codes);
    await jest.advanceTimersByTimeAsync(2 * 60_000);
    await shown.answer(sent('emma'), codes);
    expect(times).toBe(2);
  });

  it('are not given to another account, nor for another form', async () => {
    await shown.answer(sent('emma'), codes);
    await shown.answer(sent('eve'), codes);
    await shown.answer(sent('emma', { formId: 'g'.repeat(22) }), codes);
    expect(times).toBe(3);
  });
});

describe('any other answer', () => {
  it('is not kept: a wrong code may be mended, and a fault tried again', async () => {
    const wrong: Reply = { kind: 'field-errors', errors: { newCode: 'no' } };
    expect(await shown.answer(sent('emma'), () => Promise.resolve(wrong))).toBe(wrong);
    await expect(shown.answer(sent('emma'), () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await shown.answer(sent('emma'), codes)).not.toBe(wrong);
  });
});
