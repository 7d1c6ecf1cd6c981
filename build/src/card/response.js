// The answer to a challenge, and the only class in this folder that holds one.
import { inspect } from 'node:util';
import { inGroups, toHex, wipe } from '../lib/bytes.js';
import { CardError } from './card-error.js';
import { encryptBlock } from './cipher.js';
// The letters are those of the ICAO/NATO alphabet (ICAO Annex 10, volume II, 5.2.1.3).
const SPOKEN = {
    0: 'zero',
    1: 'one',
    2: 'two',
    3: 'three',
    4: 'four',
    5: 'five',
    6: 'six',
    7: 'seven',
    8: 'eight',
    9: 'nine',
    A: 'Alfa',
    B: 'Bravo',
    C: 'Charlie',
    D: 'Delta',
    E: 'Echo',
    F: 'Foxtrot',
};
const CONCEALED = '[response]';
/** Prints "[response]" wherever it is logged, joined or stored; only `reveal` gives the digits. */
export class Response {
    #bytes;
    #wiped = false;
    /** Takes the bytes over: `wipe` overwrites them. */
    constructor(bytes) {
        this.#bytes = bytes;
    }
    /** Throws a CardError ('response-wiped') after `wipe`. */
    reveal() {
        if (this.#wiped)
            throw new CardError('response-wiped', 'the response is gone');
        const plain = toHex(this.#bytes);
        const groups = inGroups(plain);
        return { groups, plain, spelled: spell(groups) };
    }
    wipe() {
        wipe(this.#bytes);
        this.#wiped = true;
    }
    toString() {
        return CONCEALED;
    }
    toJSON() {
        return CONCEALED;
    }
    [inspect.custom]() {
        return CONCEALED;
    }
}
/**
 * The response to a card's challenge: one block, ECB, encryption, no padding, as long as the challenge
 * (SP 800-73-3 part 2, appendix A.1; Windows minidriver specification, "Challenge/Response Mechanism").
 * Pure: whether it may be answered at all is decided elsewhere (`looksRandom`, the request's desk).
 * Throws a CardError: 'profile-has-no-cipher', 'key-length' or 'challenge-length'.
 */
export function computeResponse(profile, key, challenge) {
    if (profile.cipher === null)
        throw new CardError('profile-has-no-cipher', `${profile.id} has no admin key`);
    return new Response(encryptBlock(profile.cipher, key, challenge));
}
function spell(groups) {
    const spoken = (group) => Array.from(group, (digit) => SPOKEN[digit]).join(' ');
    return groups.split(' ').map(spoken).join(', ');
}
