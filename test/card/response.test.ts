// A response is right, and shows itself nowhere but where it is revealed.
import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseChallenge } from '../../src/card/challenge.js';
import { CARD_PROFILES, findProfile } from '../../src/card/profile.js';
import type { CardProfile } from '../../src/card/profile.js';
import { computeResponse, Response } from '../../src/card/response.js';
import { accepted, hex, published } from './vectors.js';

function profileNamed(id: string): CardProfile {
  const profile = findProfile(id);
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

  it.each(CARD_PROFILES)('is as long as the challenge of $id', (profile) => {
    for (const size of profile.keyBytes) {
      const response = computeResponse(profile, new Uint8Array(size), new Uint8Array(profile.challengeBytes));
      expect(response.reveal().plain).toHaveLength(profile.challengeBytes * 2);
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
