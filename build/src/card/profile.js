// What a kind of card asks and accepts. One table: a new kind of card is a new row.
import { BLOCK_BYTES, KEY_BYTES } from './cipher.js';
/** What an unknown limit counts as: the lowest one that a vendor is known to set (PIVKey, IDPrime, eToken). */
export const UNKNOWN_RESPONSE_LIMIT = 5;
/** Wrong responses after which the card's admin key may be gone for good. */
export function responseLimit(profile) {
    return profile.wrongResponseLimit ?? UNKNOWN_RESPONSE_LIMIT;
}
/** The profile with this id, written in either case, or null. */
export function findProfile(id) {
    const wanted = id.trim().toLowerCase();
    return CARD_PROFILES.find((profile) => profile.id === wanted) ?? null;
}
const WINDOWS_UNBLOCK = {
    challengeOnScreen: 'The locked PC shows it above the Response box: 16 digits and letters in four groups, such as 1603 EBDF 1C8A 2E72.',
    newChallenge: 'Leave the unblock screen with Back and open it again. It then shows a new challenge.',
    afterResponse: [
        'Leave the card in the reader and the unblock screen open.',
        'Type the response, without blanks, into the Response box.',
        'Type your new PIN twice and confirm.',
        'If Windows refuses it, do not type the same response again: ask for a new challenge.',
    ],
    warnings: ['Pulling the card, closing the screen or using the card elsewhere makes the challenge worthless.'],
};
export const CARD_PROFILES = [
    {
        id: 'gids',
        name: 'Windows minidriver card (GIDS)',
        ...oneBlock('3des'),
        unlock: 'cryptogram',
        wrongResponseLimit: null,
        ...WINDOWS_UNBLOCK,
        source: 'github.com/vletoux/GidsApplet (GidsPINManager.java); Windows driver documentation, minidriver, "Challenge/Response Mechanism"',
        confirmed: true,
        notes: "GidsApplet 1.3 took the response and the new PIN, and counted no wrong responses; a vendor's GIDS card may count them.",
    },
    {
        id: 'custom',
        name: 'Other Windows minidriver card with a 3DES admin key',
        ...oneBlock('3des'),
        unlock: 'cryptogram',
        wrongResponseLimit: null,
        ...WINDOWS_UNBLOCK,
        warnings: [
            ...WINDOWS_UNBLOCK.warnings,
            'Try it on a spare card first: nobody has confirmed that your kind of card follows the minidriver specification.',
        ],
        source: 'Windows driver documentation, minidriver, "Challenge/Response Mechanism"',
        confirmed: false,
        notes: 'For a card without a profile of its own whose vendor says that it follows the minidriver specification.',
    },
    pivProfile('piv-3des', 'PIV card with a 3DES management key', '3des'),
    pivProfile('piv-aes-128', 'PIV card with an AES-128 management key', 'aes-128'),
    pivProfile('piv-aes-192', 'PIV card with an AES-192 management key', 'aes-192'),
    pivProfile('piv-aes-256', 'PIV card with an AES-256 management key', 'aes-256'),
];
function oneBlock(cipher) {
    return { cipher, mode: 'one-block-ecb', challengeBytes: BLOCK_BYTES[cipher], keyBytes: KEY_BYTES[cipher] };
}
function pivProfile(id, name, cipher) {
    return {
        id,
        name,
        ...oneBlock(cipher),
        unlock: 'cryptogram',
        wrongResponseLimit: null,
        challengeOnScreen: `Your card vendor's unblock tool shows it: ${BLOCK_BYTES[cipher] * 2} digits and letters from 0 to F.`,
        newChallenge: "Close the vendor's unblock tool and open it again. It then shows a new challenge.",
        afterResponse: [
            'Leave the card in the reader and the tool open.',
            'Type the response into the tool, then your new PIN.',
            'If the tool refuses it, do not type the same response again: ask for a new challenge.',
        ],
        warnings: [
            'Not confirmed to reset a PIN: most PIV cards accept the response and still need their PUK. Try it on a spare card first.',
            'Pulling the card or using it elsewhere makes the challenge worthless.',
        ],
        source: 'NIST SP 800-73-3 part 2, appendix A.1 (management key 9B, single authentication) and RESET RETRY COUNTER',
        confirmed: false,
        notes: 'PivApplet, OpenFIPS201, CanoKey and pico-openpgp take the response, count no wrong ones, and reset a PIN by PUK only.',
    };
}
