// A response is right, and shows itself nowhere but where it is revealed.
import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseChallenge } from '../../src/card/challenge.js';
import { BUILT_IN_PROFILES } from '../../src/card/profiles.js';
import type { CardProfile } from '../../src/card/profile.js';
import { utf8 } from '../../src/lib/bytes.js';
import { computeResponse, Response } from '../../src/card/response.js';
import { accepted, hex, published } from './vectors.js';

function profileNamed(id: string): CardProfile {
  const profile = BUILT_IN_PROFILES.find(id);
  if (profile === null) throw new Error(`no profile ${id}`);
  return profile;
}

const gids = profileNamed('gids');
const key = hex('010203040506070801020304050607080102030405060708');

describe('computeResponse', () => {
  it.each(accepted)('answers $challenge as $card accepted it', ({ standard, cipher, ...pair }) => {
    const profile = profileNamed(standard === 'PIV 9B' ? `piv-${cipher}` : 'gids');
    expect(computeResponse(profile, hex(pair.key), hex(pair.challenge)).reveal().plain).toBe(pair.response);
  });

  it.each(published.responses)('answers the published $id', ({ cipher, response, ...pair }) => {
    expect(computeResponse(profileNamed(`piv-${cipher}`), hex(pair.key), hex(pair.challenge)).reveal().plain).toBe(response);
  });

  it.each(BUILT_IN_PROFILES.all.filter(({ cipher }) => cipher !== null))('is as long as the challenge of $id', (profile) => {
    for (const size of profile.keyBytes) {
      const response = computeResponse(profile, new Uint8Array(size), new Uint8Array(profile.challengeBytes));
      expect(response.reveal().plain).toHaveLength(profile.challengeBytes * 2);
    }
  });

  it.each(published.severalBlocks)('chains $id for a profile with several blocks', ({ key: digits, challenge, response }) => {
    expect(computeResponse(profileNamed('minidriver-cbc'), hex(digits), hex(challenge)).reveal().plain).toBe(response);
  });

  it.each(published.twoKey)('takes a two-key 3DES key of 16 bytes as $id', ({ key: digits, sameAs, challenge, response }) => {
    for (const one of [digits, sameAs]) expect(computeResponse(gids, hex(one), hex(challenge)).reveal().plain).toBe(response);
    expect(computeResponse(profileNamed('minidriver-2key-3des'), hex(digits), hex(challenge)).reveal().plain).toBe(response);
  });

  it('never makes one block of two, nor two of one', () => {
    const two = profileNamed('minidriver-cbc');
    for (const [profile, size] of [[gids, 16], [two, 8], [two, 24], [two, 0]] as const) {
      expect(() => computeResponse(profile, key, new Uint8Array(size))).toThrow(expect.objectContaining({ code: 'challenge-length' }));
    }
  });

  it('throws on a key or a challenge of another size, and on a profile without a cipher', () => {
    const challenge = hex('1603EBDF1C8A2E72');
    expect(() => computeResponse(gids, key.subarray(1), challenge)).toThrow(expect.objectContaining({ code: 'key-length' }));
    expect(() => computeResponse(gids, key, challenge.subarray(1))).toThrow(
      expect.objectContaining({ code: 'challenge-length' }),
    );
    expect(() => computeResponse({ ...gids, cipher: null, mode: null }, key, challenge)).toThrow(
      expect.objectContaining({ code: 'profile-has-no-cipher' }),
    );
  });
});

describe('Response', () => {
  const response = () => new Response(hex('4EA8AE3F7D6DA449'));

  it('reveals groups, a line to copy and words to read aloud', () => {
    expect(response().reveal()).toEqual({
      groups: '4EA8 AE3F 7D6D A449',
      plain: '4EA8AE3F7D6DA449',
      spelled:
        'four Echo Alfa eight, Alfa Echo three Foxtrot, seven Delta six Delta, Alfa four four nine',
    });
  });

  it('prints [response] however it is printed', () => {
    const printed = [
      String(response()),
      response().toString(),
      JSON.stringify({ response: response() }),
      inspect(response(), { showHidden: true, depth: 9 }),
      format('%s %o %O %j', response(), response(), response(), response()),
      JSON.stringify(Object.entries(response())),
      JSON.stringify(Object.assign({}, response())),
    ];
    expect(printed.slice(0, 4)).toEqual(['[response]', '[response]', '{"response":"[response]"}', '[response]']);
    expect(printed.join(' ')).not.toMatch(/4EA8|4ea8|78, ?168/);
  });

  it('conceals a PUK alike', () => {
    const puk = Response.ofPuk(utf8('86429753'), 'puk');
    const printed = [String(puk), JSON.stringify({ puk }), inspect(puk, { showHidden: true, depth: 9 }), format('%s %o %O %j', puk, puk, puk, puk)];
    expect(printed.slice(0, 3)).toEqual(['[response]', '{"puk":"[response]"}', '[response]']);
    expect(printed.join(' ')).not.toMatch(/8642|3836|56, ?54/);
  });

  it('is gone once wiped', () => {
    const bytes = hex('4EA8AE3F7D6DA449');
    const wiped = new Response(bytes);
    wiped.wipe();
    expect(bytes).toEqual(new Uint8Array(8));
    expect(() => wiped.reveal()).toThrow(expect.objectContaining({ code: 'response-wiped' }));
  });

  it('is spelled in words that a challenge could be dictated in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const { spelled, groups } = new Response(bytes.slice()).reveal();
        expect(parseChallenge(spelled, 16)).toEqual({ bytes, groups, repaired: [] });
      }),
    );
  });
});

describe('Response.ofPuk', () => {
  it('shows a PUK as it is', () => {
    expect(Response.ofPuk(utf8('12345678'), 'puk').reveal()).toEqual({
      groups: '1234 5678',
      plain: '12345678',
      spelled: 'one two three four, five six seven eight',
    });
  });

  it('tells capitals from small letters, and names signs', () => {
    expect(Response.ofPuk(utf8('aB3$-Zz'), 'puk').reveal()).toEqual({
      groups: 'aB3$ -Zz',
      plain: 'aB3$-Zz',
      spelled: 'small Alfa capital Bravo three dollar, minus capital Zulu small Zulu',
    });
  });

  it.each(published.puksAsHex)('shows $puk as the hex that OpenSC wants: $id', ({ puk, typed }) => {
    expect(Response.ofPuk(utf8(puk), 'puk-as-hex').reveal()).toEqual({
      groups: '3132 3334 3536 3738',
      plain: typed,
      spelled: 'three one three two, three three three four, three five three six, three seven three eight',
    });
  });

  it('says every character that a PUK may have, each in another way', () => {
    const characters = Array.from({ length: 0x7e - 0x20 }, (_, at) => String.fromCharCode(0x21 + at));
    const spoken = characters.map((character) => Response.ofPuk(utf8(character), 'puk').reveal().spelled);
    expect(new Set(spoken).size).toBe(characters.length);
    expect(spoken.filter((words) => !/^[A-Za-z]+(?:[ -][A-Za-z]+)*$/.test(words))).toEqual([]);
  });

  it('keeps a copy, which it wipes itself', () => {
    const bytes = utf8('12345678');
    const puk = Response.ofPuk(bytes, 'puk');
    bytes.fill(0);
    expect(puk.reveal().plain).toBe('12345678');
    puk.wipe();
    expect(() => puk.reveal()).toThrow(expect.objectContaining({ code: 'response-wiped' }));
  });
});
