// What Teams is sent: valid for Microsoft's parser, small enough, inert, and without buttons where many read along.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENGLISH } from '../../../src/chat/english.js';
import { BUTTONS_SHOWN, CARD_BYTES, drawForChannel, drawForm, drawForMember, drawMessage, REFRESHED_PEOPLE } from '../../../src/chat/teams/cards.js';
import type { Block, Form, Message } from '../../../src/chat/message.js';
import { complaintsOf } from '../../support/official-card.js';

const MESSAGE: Message = {
  title: 'Emma Novak asks to unblock a smart card',
  tone: 'waiting',
  blocks: [
    { kind: 'text', text: 'Waiting for a decision.', style: 'strong' },
    { kind: 'facts', rows: [{ label: 'Who', value: 'Emma Novak' }] },
  ],
  buttons: [
    { action: 'approve', label: 'Approve', target: 'request-1', style: 'primary' },
    { action: 'cancel', label: 'Cancel request', target: 'request-1' },
  ],
};

const FORM: Form = {
  name: 'enroll-prove',
  formId: 'f'.repeat(22),
  target: 'authenticator-1',
  title: 'Set up my authenticator',
  blocks: [{ kind: 'qr', alt: 'QR code', instead: 'Type the key.', text: 'otpauth://totp/Countersign:emma?secret=JBSWY3DPEHPK3PXP' }],
  fields: [{ id: 'newCode', label: 'Code', kind: 'one-time-code', maxLength: 40 }],
  submit: 'Finish',
  buttons: [],
  frame: ENGLISH.frame,
};

describe('a message', () => {
  it("is valid for Microsoft's parser, for one person, for a channel and for a member of it", () => {
    for (const card of [drawMessage(MESSAGE), drawForChannel(MESSAGE, ['29:sam']), drawForMember(MESSAGE, 'request-1', '29:sam'), drawForm(FORM)]) {
      expect(complaintsOf(card)).toEqual([]);
    }
  });

  it('opens dialogs by its buttons, but for those that act at once, which older clients get as dialogs too', () => {
    expect(drawMessage(MESSAGE).actions).toMatchObject([
      { type: 'Action.Submit', data: { kind: 'pressed', action: 'approve', msteams: { type: 'task/fetch' } } },
      { type: 'Action.Execute', verb: 'press', data: { action: 'cancel' }, fallback: { type: 'Action.Submit', data: { msteams: { type: 'task/fetch' } } } },
    ]);
  });

  it('shows six buttons, and the others in its menu', () => {
    const buttons = Array.from({ length: 8 }, (_, at) => ({ action: 'start-unblock' as const, label: `Button ${at}`, target: '' }));
    const card = drawMessage({ ...MESSAGE, buttons });
    expect(card.actions.map(({ mode = 'primary' }) => mode)).toEqual([...Array.from({ length: BUTTONS_SHOWN }, () => 'primary'), 'secondary', 'secondary']);
    expect(complaintsOf(card)).toEqual([]);
    expect(complaintsOf({ ...card, actions: card.actions.map((action) => ({ ...action, mode: 'primary' })) })).not.toEqual([]);
  });

  it('has no buttons in a channel, and asks for the copies of 60 people at most', () => {
    const card = drawForChannel(MESSAGE, Array.from({ length: 100 }, (_, at) => `29:${at}`));
    expect(card.actions).toEqual([]);
    expect(card.refresh?.userIds).toHaveLength(REFRESHED_PEOPLE);
    expect(drawForChannel({ ...MESSAGE, buttons: [] }, ['29:sam']).refresh).toBeUndefined();
  });

  it('is never larger than Teams takes, and always valid JSON, whatever people wrote', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 4_000 });
    const blocks = fc.array(text.map((words) => ({ kind: 'text' as const, text: words })), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(blocks, (written) => {
        const card = drawForChannel({ ...MESSAGE, blocks: [{ kind: 'text', text: 'Waiting.' }, ...written] }, Array.from({ length: 60 }, (_, at) => `29:${'x'.repeat(60)}${at}`));
        expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(CARD_BYTES);
        expect(JSON.stringify(card)).not.toContain('"type":"TextBlock"');
      }),
      { numRuns: 50 },
    );
  });
});

describe('a dialog', () => {
  it('shows its QR code as a picture in itself, of the kind that Teams shows', () => {
    const picture = /"url":"data:image\/png;base64,([^"]+)"/.exec(JSON.stringify(drawForm(FORM)))?.[1] ?? '';
    expect(Buffer.from(picture, 'base64').subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  it('with notes carries them nowhere', () => {
    const card = drawForm(FORM, { notes: [{ kind: 'text', text: 'Code: not accepted', style: 'warning' }] });
    expect(JSON.stringify(card.body)).toContain('not accepted');
    expect(JSON.stringify(card.actions)).not.toContain('not accepted');
  });

  it('with a seed in it carries the seed nowhere, and says that it was shown', () => {
    const typed: Block = { kind: 'code', label: 'Key', groups: 'JBSW Y3DP EHPK 3PXP', copyLabel: 'Without blanks', copy: 'JBSWY3DPEHPK3PXP' };
    const card = drawForm({ ...FORM, blocks: [...FORM.blocks, typed] });
    expect(JSON.stringify(card.body)).toContain('JBSWY3DPEHPK3PXP');
    expect(JSON.stringify(card.actions)).not.toMatch(/JBSW|otpauth/);
    expect(card.actions[0]?.data).toMatchObject({ echo: { blocks: [], onceOnly: true } });
  });

  it('that would be too large with what it carries is sent without it', () => {
    const choices = Array.from({ length: 150 }, (_, at) => ({ value: `${at}`.padStart(36, '0'), label: `Work card ${at} ${'x'.repeat(40)}` }));
    const card = drawForm({ ...FORM, blocks: [], fields: [{ id: 'card', label: 'Card', kind: 'choice', choices, maxLength: 40 }] });
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(CARD_BYTES);
    expect(JSON.stringify(card.body)).toContain('Work card 149');
  });
});
