// Cards whose PIN nobody can reset from a distance, and what their holder does instead.
import type { CardProfile } from './profile.js';
import { lostCard } from './profile-rows.js';

const TPM_PAGES = 'learn.microsoft.com: Tpmvscmgr, "Deploy virtual smart cards"';

export const LOST_CARDS: readonly CardProfile[] = [
  lostCard({
    id: 'tpm-virtual-puk',
    name: 'Windows TPM virtual smart card with a PUK',
    instead:
      'Ask your helpdesk: this card is unblocked at the PC with its PUK, if it was written down, and is made anew otherwise.',
    source: `${TPM_PAGES}; tpmvscmgr.h CreateVirtualSmartCard`,
    confirmed: true,
    assumed: [],
    notes:
      'Once a PUK is set, the admin key no longer resets the PIN. How Windows wants the PUK typed is not published; a site that has tried it adds a profile of its own with unlock puk.',
  }),
  lostCard({
    id: 'tpm-virtual-random',
    name: 'Windows TPM virtual smart card with a random admin key that was not stored',
    instead: 'Ask your helpdesk to delete this virtual card and to make a new one: nobody knows its admin key.',
    source: TPM_PAGES,
    confirmed: true,
    notes: 'tpmvscmgr /AdminKey RANDOM never tells the key.',
  }),
  lostCard({
    id: 'yubikey-pin-derived',
    name: 'YubiKey whose management key is derived from its PIN, or kept behind it',
    instead:
      'Ask your helpdesk whether the PUK of your YubiKey is on record; if it is not, its PIV part is reset and you get new certificates.',
    warnings: ['A reset of the PIV part erases its keys and certificates.'],
    source: 'github.com/Yubico/yubikey-manager (piv.py, derive_management_key); docs.yubico.com, .NET SDK, PIV-only PIN mode',
    confirmed: true,
    notes:
      'A derived key is PBKDF2-HMAC-SHA1 of the PIN (10,000 rounds), a protected one is read with the PIN: without the PIN neither is known. These modes block the PUK as a rule; a card whose PUK works is registered as yubikey-3des or its like.',
  }),
  lostCard({
    id: 'yubikey-bio-mpe',
    name: 'YubiKey Bio Multi-protocol Edition',
    instead: 'Ask your helpdesk for a reset of the PIV part of your YubiKey and for new certificates: this model has no PUK.',
    warnings: ['A reset of the PIV part erases its keys and certificates.'],
    source: 'docs.yubico.com, .NET SDK, PIV, reset retry',
    confirmed: true,
    notes: 'The management key does not reset a PIN on any YubiKey, and this model has no PUK.',
  }),
];
