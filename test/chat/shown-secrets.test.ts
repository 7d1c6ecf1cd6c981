// Dialogs with a secret in them say when they have to be emptied.
import { expect, it } from '@jest/globals';
import { proveForm, recoveryForm } from '../../src/chat/forms.js';
import { languagesWith } from '../../src/chat/languages.js';

const NOW = Date.UTC(2026, 5, 1, 9);
const speech = languagesWith('en', 'UTC', () => NOW).speechFor('en');
const TEN_MINUTES_LATER = '2026-06-01T09:10:00.000Z';

it('a new seed is shown for as long as it can be proved', () => {
  const pending = { authenticatorId: 'a1', personId: 'emma', needsOldCode: false, seedGroups: 'AAAA', seedBase32: 'AAAA', provisioningUri: 'otpauth://totp/x' };
  expect(proveForm(pending, speech).emptyAt).toBe(TEN_MINUTES_LATER);
});

it('recovery codes are shown for ten minutes', () => {
  expect(recoveryForm(['AAAA'], { title: 'x', intro: 'x' }, speech).emptyAt).toBe(TEN_MINUTES_LATER);
});
