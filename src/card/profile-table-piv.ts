// Cards with a PIV applet: most take a response to their management key (9B) and reset a PIN by PUK only.
import type { Cipher } from './cipher.js';
import { COUNTING_16, COUNTING_24 } from './known-keys.js';
import type { CardProfile } from './profile.js';
import { PIV_PUK, pukCard, vendorToolCard } from './profile-rows.js';

const PIV_STANDARD =
  'NIST SP 800-73-3 part 2, appendix A.1 (management key 9B, single authentication) and RESET RETRY COUNTER';

const MANAGEMENT_KEYS: Readonly<Record<Cipher, string>> = {
  '3des': 'a 3DES management key',
  'aes-128': 'an AES-128 management key',
  'aes-192': 'an AES-192 management key',
  'aes-256': 'an AES-256 management key',
};
const ALL_CIPHERS: readonly Cipher[] = ['3des', 'aes-128', 'aes-192', 'aes-256'];

const TELL_PIV_APART =
  "A site whose vendor's own unblock program takes a response instead registers its cards as piv-3des, piv-aes-128, piv-aes-192 or piv-aes-256.";

const genericPiv = ALL_CIPHERS.map((cipher) =>
  vendorToolCard(cipher, {
    id: `piv-${cipher}`,
    name: `PIV card with ${MANAGEMENT_KEYS[cipher]}`,
    warnings: [
      'Not confirmed to reset a PIN: most PIV cards accept the response and still need their PUK. Try it on a spare card first.',
    ],
    source: PIV_STANDARD,
    confirmed: false,
    assumed: ["that the vendor's program resets the PIN after the response"],
    notes:
      'PivApplet, OpenFIPS201, CanoKey and pico-openpgp take the response, count no wrong ones, and reset a PIN by PUK only.',
  }),
);

const YUBIKEYS: Readonly<Record<Cipher, { readonly firmware: string; readonly defaultKeys: readonly string[] }>> = {
  '3des': { firmware: 'the factory setting to firmware 5.6', defaultKeys: [COUNTING_24] },
  'aes-192': { firmware: 'the factory setting from firmware 5.7', defaultKeys: [COUNTING_24] },
  'aes-128': { firmware: 'firmware 5.4.2 and later', defaultKeys: [] },
  'aes-256': { firmware: 'firmware 5.4.2 and later', defaultKeys: [] },
};

const yubiKeys = (['3des', 'aes-192', 'aes-128', 'aes-256'] as const).map((cipher) =>
  pukCard(cipher, {
    id: `yubikey-${cipher}`,
    name: `YubiKey with ${MANAGEMENT_KEYS[cipher]} (${YUBIKEYS[cipher].firmware})`,
    defaultKeys: YUBIKEYS[cipher].defaultKeys,
    puk: { ...PIV_PUK, tries: 3 },
    wrongResponseLimit: 'unlimited',
    afterResponse: [
      'Leave the YubiKey plugged in and open the program that your helpdesk uses, such as YubiKey Manager.',
      'Choose to unblock the PIN and type the PUK exactly as it is shown, without blanks between the groups.',
      'Type your new PIN twice and confirm.',
      'If the PUK is refused, stop: three wrong PUKs block it for good, and the keys on the YubiKey are lost.',
    ],
    warnings: [
      TELL_PIV_APART,
      'The YubiKey Minidriver blocks the factory PUK (12345678) at its first use unless BlockPUKOnMGMUpgrade is 0, and takes one try off a PUK of your own.',
      "Whether Windows' unblock screen wants the PUK as text or as hex under the YubiKey Minidriver is not confirmed.",
    ],
    source:
      'docs.yubico.com, .NET SDK, PIV (management key; reset retry; PIN, PUK and management key); github.com/YubicoLabs/yubikey-minidriver-tool',
    confirmed: true,
    notes:
      'The factory key is the same 24 bytes for 3DES and AES-192: the length of the challenge tells them apart. Three tries is the factory setting of the PUK.',
  }),
);

const gemaltoPiv = pukCard('3des', {
  id: 'gemalto-piv',
  name: 'Gemalto IDPrime PIV 2.0',
  source: 'OpenSC mailing list, messages 34792452 and 34793291; OpenSC, card-piv.c',
  confirmed: true,
  assumed: ['how long a PUK may be'],
  warnings: [
    TELL_PIV_APART,
    'A blocked PUK cannot be unblocked, not even with the management key.',
    'Some of these cards refuse the second of two challenges in a row: ask again.',
  ],
  notes: 'Factory management keys come from the supplier. How many wrong responses or PUKs the card allows is unknown.',
});

const idemia = (['3des', 'aes-128'] as const).map((cipher) =>
  vendorToolCard(cipher, {
    id: `idemia-id-one-${cipher}`,
    name: `IDEMIA / Oberthur ID-One PIV with ${MANAGEMENT_KEYS[cipher]}`,
    warnings: [
      "Not confirmed to reset a PIN: one vendor's client claims to unlock these cards by challenge-response and does not publish how. Try it on a spare card first.",
      'Cards made for Secure PIN Entry cannot be unlocked that way.',
    ],
    source: 'Intercede MyID, Smart Card Integration Guide, 5.4 to 5.5 (IDEMIA), and IKB-284',
    confirmed: false,
    assumed: ['the length of the challenge', 'that the program resets the PIN after the response'],
    notes:
      'Factory keys come from the supplier, with 32 or 48 hex digits. The serial is IIN and CIN; models 2.3.5 and 2.4.0 arrive without.',
  }),
);

const UNKNOWN_PIV = ['the cipher, mode and length', 'that the program resets the PIN after the response'];

const morpho = vendorToolCard('3des', {
  id: 'morpho-piv',
  name: 'Morpho (now IDEMIA), ypsID and others',
  warnings: ['Not confirmed: nothing is published about these cards. Try it on a spare card first.'],
  source: 'versasec.com, "Ditch the PIV PUK", which names Morpho among the PIV cards that it unblocks by challenge-response',
  confirmed: false,
  assumed: UNKNOWN_PIV,
  notes: 'The row follows a PIV card with a 3DES management key. For AES, take piv-aes-128, piv-aes-192 or piv-aes-256.',
});

const feitian = vendorToolCard('3des', {
  id: 'feitian-piv',
  name: 'Feitian PIV / BioPass',
  warnings: ['Not confirmed: nothing is published about these cards. Try it on a spare card first.'],
  source: 'versasec.com, "Ditch the PIV PUK", which names Feitian among the PIV cards that it unblocks by challenge-response',
  confirmed: false,
  assumed: UNKNOWN_PIV,
  notes: 'The row follows a PIV card with a 3DES management key. For AES, take piv-aes-128, piv-aes-192 or piv-aes-256.',
});

const canoKey = pukCard('3des', {
  id: 'canokey',
  name: 'CanoKey',
  keyBytes: [24],
  defaultKeys: [COUNTING_24],
  wrongResponseLimit: 'unlimited',
  warnings: [TELL_PIV_APART],
  source: 'github.com/canokeys/canokey-core (applets/piv/piv.c)',
  confirmed: true,
  assumed: ['how long a PUK may be'],
  notes: 'canokey-core counted no wrong responses and reset a PIN with its PUK only. A wrong response spends the challenge.',
});

const PIVAPPLET_KEYS: Readonly<Record<Cipher, readonly string[]>> = {
  '3des': [COUNTING_24],
  'aes-128': [COUNTING_16],
  'aes-192': [],
  'aes-256': [],
};

const pivApplets = ALL_CIPHERS.map((cipher) =>
  pukCard(cipher, {
    id: `pivapplet-${cipher}`,
    name: `PivApplet with ${MANAGEMENT_KEYS[cipher]}`,
    defaultKeys: PIVAPPLET_KEYS[cipher],
    wrongResponseLimit: 'unlimited',
    warnings: [TELL_PIV_APART],
    source: 'github.com/arekinath/PivApplet (PivApplet.java, README)',
    confirmed: true,
    assumed: ['how long a PUK may be'],
    notes: 'PivApplet 0.9.0 counted no wrong responses and reset a PIN with its PUK only. A wrong response spends the challenge.',
  }),
);

const openFips201 = ALL_CIPHERS.map((cipher) =>
  pukCard(cipher, {
    id: `openfips201-${cipher}`,
    name: `OpenFIPS201 with ${MANAGEMENT_KEYS[cipher]}`,
    wrongResponseLimit: 'unlimited',
    warnings: [TELL_PIV_APART, 'A key may be configured so that it gives no challenge at all.'],
    source: 'github.com/makinako/OpenFIPS201 (PIV.java)',
    confirmed: true,
    assumed: ['how long a PUK may be'],
    notes: 'OpenFIPS201 1.10.2 counted no wrong responses and reset a PIN with its PUK only. Its keys are set at personalisation.',
  }),
);

const standardPuk = pukCard(null, {
  id: 'piv-puk',
  name: 'Generic PIV card that is unblocked with its PUK',
  source: PIV_STANDARD,
  confirmed: true,
  assumed: ['how long a PUK may be', 'how many wrong PUKs the card allows'],
  notes: 'What the PIV standard has: the PUK resets the PIN. PivApplet, OpenFIPS201, CanoKey and pico-openpgp do so.',
});

const usCac = pukCard(null, {
  id: 'us-cac',
  name: 'US Common Access Card (CAC) and other PIV cards of US agencies',
  warnings: ['The agency that issued the card holds its PUK and may not hand it out: ask the issuing office first.'],
  source: `${PIV_STANDARD}; FIPS 201-3, as the Intercede MyID PIV guide quotes it (3.5)`,
  confirmed: false,
  assumed: ['that your site has the PUK', 'how long a PUK may be'],
  notes:
    'FIPS 201-3 wants a biometric match before a PIN is reset, which a chat cannot give: follow the rules of the issuing agency.',
});

export const PIV_CARDS: readonly CardProfile[] = [
  ...genericPiv,
  standardPuk,
  usCac,
  ...yubiKeys,
  gemaltoPiv,
  ...idemia,
  morpho,
  feitian,
  canoKey,
  ...pivApplets,
  ...openFips201,
];
