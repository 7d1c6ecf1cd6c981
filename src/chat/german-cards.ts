// What is said about kinds of cards, in German, and how a response is read aloud.
import type { SpokenNames } from '../card/spelling.js';

export const GERMAN_NAMES: SpokenNames = {
  digits: ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
  signs: {
    '!': 'Ausrufezeichen',
    '"': 'Anführungszeichen',
    '#': 'Raute',
    $: 'Dollar',
    '%': 'Prozent',
    '&': 'Und-Zeichen',
    "'": 'Apostroph',
    '(': 'runde Klammer auf',
    ')': 'runde Klammer zu',
    '*': 'Sternchen',
    '+': 'Plus',
    ',': 'Komma',
    '-': 'Minus',
    '.': 'Punkt',
    '/': 'Schrägstrich',
    ':': 'Doppelpunkt',
    ';': 'Semikolon',
    '<': 'kleiner als',
    '=': 'gleich',
    '>': 'größer als',
    '?': 'Fragezeichen',
    '@': 'At-Zeichen',
    '[': 'eckige Klammer auf',
    '\\': 'umgekehrter Schrägstrich',
    ']': 'eckige Klammer zu',
    '^': 'Zirkumflex',
    _: 'Unterstrich',
    '`': 'Gravis',
    '{': 'geschweifte Klammer auf',
    '|': 'senkrechter Strich',
    '}': 'geschweifte Klammer zu',
    '~': 'Tilde',
  },
  capital: 'groß',
  small: 'klein',
};

/** By the English text of a built-in card profile. Names that are only those of products are not in it. */
export const CARD_TEXTS: Readonly<Record<string, string>> = {
  'The locked PC shows it above the Response box: 16 digits and letters in four groups, such as 1603 EBDF 1C8A 2E72.':
    'Der gesperrte PC zeigt sie über dem Feld für die Response: 16 Ziffern und Buchstaben in vier Gruppen, zum Beispiel 1603 EBDF 1C8A 2E72.',
  'The locked PC shows it above the Response box: 32 digits and letters in 8 groups of four.':
    'Der gesperrte PC zeigt sie über dem Feld für die Response: 32 Ziffern und Buchstaben in 8 Vierergruppen.',
  'SafeNet Authentication Client shows it under Unlock Token as Challenge Code.':
    'SafeNet Authentication Client zeigt sie unter „Unlock Token“ als „Challenge Code“.',
  'Net iD shows it on the unlock screen: a challenge code of 16 digits and letters.':
    'Net iD zeigt sie beim Entsperren: einen Challenge-Code aus 16 Ziffern und Buchstaben.',
  'Windows shows a challenge, but OpenSC does not look at it: nothing has to be read off.':
    'Windows zeigt eine Challenge, aber OpenSC beachtet sie nicht: Es muss nichts abgelesen werden.',
  'No challenge is needed: this card is unblocked with its PUK.': 'Eine Challenge ist nicht nötig: Diese Karte wird mit ihrer PUK entsperrt.',
  "Your card vendor's unblock tool shows it: 16 digits and letters from 0 to F.":
    'Das Entsperrprogramm des Kartenherstellers zeigt sie: 16 Ziffern und Buchstaben von 0 bis F.',
  "Your card vendor's unblock tool shows it: 32 digits and letters from 0 to F.":
    'Das Entsperrprogramm des Kartenherstellers zeigt sie: 32 Ziffern und Buchstaben von 0 bis F.',
  'A challenge on the screen does not help: this card cannot be unblocked with a response.':
    'Eine Challenge auf dem Bildschirm hilft nicht: Diese Karte kann nicht mit einer Response entsperrt werden.',

  'Leave the card in the reader and the unblock screen open.': 'Lassen Sie die Karte im Leser und die Ansicht zum Entsperren offen.',
  'Type the response, without blanks, into the Response box.': 'Tippen Sie die Response ohne Leerzeichen in das Feld dafür.',
  'Type your new PIN twice and confirm.': 'Geben Sie Ihre neue PIN zweimal ein, und bestätigen Sie.',
  'If Windows refuses it, do not type the same response again: ask for a new challenge.':
    'Lehnt Windows sie ab, geben Sie nicht dieselbe Response noch einmal ein: Holen Sie eine neue Challenge.',
  'Leave the token plugged in and the Unlock Token window open; use no other program with it.':
    'Lassen Sie den Token eingesteckt und das Fenster „Unlock Token“ offen; benutzen Sie kein anderes Programm damit.',
  'Type the response, without blanks, into Response Code.': 'Tippen Sie die Response ohne Leerzeichen bei „Response Code“ ein.',
  'Type your new password twice and confirm.': 'Geben Sie Ihr neues Passwort zweimal ein, und bestätigen Sie.',
  'If it is refused, do not type the same response again: ask for a new challenge.':
    'Wird sie abgelehnt, geben Sie nicht dieselbe Response noch einmal ein: Holen Sie eine neue Challenge.',
  'Type the digits that are shown, without blanks, into the Response box. They are the PUK in hex.':
    'Tippen Sie die angezeigten Ziffern ohne Leerzeichen in das Feld für die Response. Sie sind die PUK in Hexadezimalschreibweise.',
  'If it is refused, stop: a few wrong PUKs block the card for good.': 'Wird sie abgelehnt, hören Sie auf: Wenige falsche PUKs sperren die Karte endgültig.',
  'Leave the card in the reader and open the Token Administration Utility.': 'Lassen Sie die Karte im Leser, und öffnen Sie die „Token Administration Utility“.',
  'Choose to unlock the PIN and type the PUK exactly as it is shown, without blanks between the groups.':
    'Wählen Sie dort das Entsperren der PIN, und tippen Sie die PUK genau wie angezeigt ein, ohne Leerzeichen zwischen den Gruppen.',
  'If the PUK is refused, stop: a few wrong PUKs block the card for good.': 'Wird die PUK abgelehnt, hören Sie auf: Wenige falsche PUKs sperren die Karte endgültig.',
  'Leave the card in the reader and the tool open.': 'Lassen Sie die Karte im Leser und das Programm offen.',
  'Type the response into the tool, then your new PIN.': 'Tippen Sie die Response in das Programm ein, dann Ihre neue PIN.',
  'If the tool refuses it, do not type the same response again: ask for a new challenge.':
    'Lehnt das Programm sie ab, geben Sie nicht dieselbe Response noch einmal ein: Holen Sie eine neue Challenge.',
  'Leave the card in the reader and open the program that your helpdesk uses to unblock a PIN.':
    'Lassen Sie die Karte im Leser, und öffnen Sie das Programm, mit dem Ihr Helpdesk eine PIN entsperrt.',
  'Type the PUK exactly as it is shown, without blanks between the groups.': 'Tippen Sie die PUK genau wie angezeigt ein, ohne Leerzeichen zwischen den Gruppen.',
  'Leave the YubiKey plugged in and open the program that your helpdesk uses, such as YubiKey Manager.':
    'Lassen Sie den YubiKey eingesteckt, und öffnen Sie das Programm, das Ihr Helpdesk benutzt, zum Beispiel YubiKey Manager.',
  'Choose to unblock the PIN and type the PUK exactly as it is shown, without blanks between the groups.':
    'Wählen Sie dort das Aufheben der PIN-Sperre, und tippen Sie die PUK genau wie angezeigt ein, ohne Leerzeichen zwischen den Gruppen.',
  'If the PUK is refused, stop: three wrong PUKs block it for good, and the keys on the YubiKey are lost.':
    'Wird die PUK abgelehnt, hören Sie auf: Drei falsche PUKs sperren sie endgültig, und die Schlüssel auf dem YubiKey sind verloren.',

  'Ask your helpdesk: this card is unblocked at the PC with its PUK, if it was written down, and is made anew otherwise.':
    'Fragen Sie Ihren Helpdesk: Diese Karte wird am PC mit ihrer PUK entsperrt, falls sie notiert wurde, und sonst neu angelegt.',
  'Ask your helpdesk to delete this virtual card and to make a new one: nobody knows its admin key.':
    'Bitten Sie Ihren Helpdesk, diese virtuelle Karte zu löschen und eine neue anzulegen: Niemand kennt ihren Admin-Schlüssel.',
  'Ask your helpdesk whether the PUK of your YubiKey is on record; if it is not, its PIV part is reset and you get new certificates.':
    'Fragen Sie Ihren Helpdesk, ob die PUK Ihres YubiKeys hinterlegt ist; wenn nicht, wird sein PIV-Teil zurückgesetzt, und Sie bekommen neue Zertifikate.',
  'Ask your helpdesk for a reset of the PIV part of your YubiKey and for new certificates: this model has no PUK.':
    'Bitten Sie Ihren Helpdesk, den PIV-Teil Ihres YubiKeys zurückzusetzen, und um neue Zertifikate: Dieses Modell hat keine PUK.',

  'Windows minidriver card (GIDS)': 'Windows-Minidriver-Karte (GIDS)',
  'Other Windows minidriver card with a 3DES admin key': 'Andere Windows-Minidriver-Karte mit 3DES-Admin-Schlüssel',
  'Windows minidriver card with a two-key 3DES admin key (16 bytes)': 'Windows-Minidriver-Karte mit 3DES-Admin-Schlüssel aus zwei Teilen (16 Bytes)',
  'Windows minidriver card whose challenge has two blocks (16 bytes)': 'Windows-Minidriver-Karte, deren Challenge zwei Blöcke hat (16 Bytes)',
  'Windows TPM virtual smart card without a PUK': 'Virtuelle Windows-TPM-Smartcard ohne PUK',
  'SafeNet eToken with SafeNet Authentication Client (SAC)': 'SafeNet eToken mit SafeNet Authentication Client (SAC)',
  'HID Crescendo with a 3DES key (4000; 2300 iCLASS)': 'HID Crescendo mit 3DES-Schlüssel (4000; 2300 iCLASS)',
  'HID Crescendo with an AES-128 key (4000 FIPS; 2300 standard)': 'HID Crescendo mit AES-128-Schlüssel (4000 FIPS; 2300 Standard)',
  'Pointsharp Net iD with SOKEY cards': 'Pointsharp Net iD mit SOKEY-Karten',
  "Any card under OpenSC's minidriver": 'Jede Karte unter dem Minidriver von OpenSC',
  'PIV card with a 3DES management key': 'PIV-Karte mit 3DES-Managementschlüssel',
  'PIV card with an AES-128 management key': 'PIV-Karte mit AES-128-Managementschlüssel',
  'PIV card with an AES-192 management key': 'PIV-Karte mit AES-192-Managementschlüssel',
  'PIV card with an AES-256 management key': 'PIV-Karte mit AES-256-Managementschlüssel',
  'Generic PIV card that is unblocked with its PUK': 'PIV-Karte, die mit ihrer PUK entsperrt wird',
  'US Common Access Card (CAC) and other PIV cards of US agencies': 'Common Access Card (CAC) und andere PIV-Karten von US-Behörden',
  'YubiKey with a 3DES management key (the factory setting to firmware 5.6)': 'YubiKey mit 3DES-Managementschlüssel (Werkseinstellung bis Firmware 5.6)',
  'YubiKey with an AES-192 management key (the factory setting from firmware 5.7)': 'YubiKey mit AES-192-Managementschlüssel (Werkseinstellung ab Firmware 5.7)',
  'YubiKey with an AES-128 management key (firmware 5.4.2 and later)': 'YubiKey mit AES-128-Managementschlüssel (ab Firmware 5.4.2)',
  'YubiKey with an AES-256 management key (firmware 5.4.2 and later)': 'YubiKey mit AES-256-Managementschlüssel (ab Firmware 5.4.2)',
  'IDEMIA / Oberthur ID-One PIV with a 3DES management key': 'IDEMIA / Oberthur ID-One PIV mit 3DES-Managementschlüssel',
  'IDEMIA / Oberthur ID-One PIV with an AES-128 management key': 'IDEMIA / Oberthur ID-One PIV mit AES-128-Managementschlüssel',
  'Morpho (now IDEMIA), ypsID and others': 'Morpho (heute IDEMIA), ypsID und andere',
  'PivApplet with a 3DES management key': 'PivApplet mit 3DES-Managementschlüssel',
  'PivApplet with an AES-128 management key': 'PivApplet mit AES-128-Managementschlüssel',
  'PivApplet with an AES-192 management key': 'PivApplet mit AES-192-Managementschlüssel',
  'PivApplet with an AES-256 management key': 'PivApplet mit AES-256-Managementschlüssel',
  'OpenFIPS201 with a 3DES management key': 'OpenFIPS201 mit 3DES-Managementschlüssel',
  'OpenFIPS201 with an AES-128 management key': 'OpenFIPS201 mit AES-128-Managementschlüssel',
  'OpenFIPS201 with an AES-192 management key': 'OpenFIPS201 mit AES-192-Managementschlüssel',
  'OpenFIPS201 with an AES-256 management key': 'OpenFIPS201 mit AES-256-Managementschlüssel',
  'Windows TPM virtual smart card with a PUK': 'Virtuelle Windows-TPM-Smartcard mit PUK',
  'Windows TPM virtual smart card with a random admin key that was not stored':
    'Virtuelle Windows-TPM-Smartcard mit zufälligem Admin-Schlüssel, der nicht gespeichert wurde',
  'YubiKey whose management key is derived from its PIN, or kept behind it':
    'YubiKey, dessen Managementschlüssel aus der PIN abgeleitet ist oder hinter ihr liegt',
};
