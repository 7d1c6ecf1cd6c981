// What a card profile says, as labelled sentences: the same for the terminal and for docs/cards.md.
import { UNKNOWN_RESPONSE_LIMIT } from '../card/profile.js';
import type { CardProfile, PukRule, UnlockMethod } from '../card/profile.js';

export interface Fact {
  readonly label: string;
  /** One or several; never none. */
  readonly texts: readonly string[];
}

const METHODS: Readonly<Record<UnlockMethod, string>> = {
  cryptogram: 'cryptogram: the response to a challenge',
  puk: "puk: the card's PUK, typed as it is",
  'puk-as-hex': "puk-as-hex: the card's PUK, typed as the hex of its characters",
  'not-recoverable': 'not-recoverable: nothing helps from a distance',
};

/** Every fact of the profile but its id and name, in the order in which a person asks for them. */
export function factsOf(profile: CardProfile): readonly Fact[] {
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['unlock', [METHODS[profile.unlock]]],
    ['confirmed', [profile.confirmed ? 'yes' : 'not confirmed']],
    ['assumed', profile.assumed.length === 0 ? [] : [profile.assumed.join('; ')]],
    ['on the screen', [profile.challengeOnScreen]],
    ['new challenge', [profile.newChallenge]],
    ['then', profile.afterResponse.map((step, at) => `${at + 1}. ${step}`)],
    ['instead', profile.instead === null ? [] : [profile.instead]],
    ...computationOf(profile),
    ['PUK', profile.puk === null ? [] : [describePuk(profile.puk)]],
    ['default key', profile.defaultKeys],
    ['warnings', profile.warnings],
    ['source', [profile.source]],
    ['notes', profile.notes === '' ? [] : [profile.notes]],
  ];
  return facts.filter(([, texts]) => texts.length > 0).map(([label, texts]) => ({ label, texts }));
}

function computationOf(profile: CardProfile): readonly (readonly [string, readonly string[]])[] {
  const { cipher, mode, challengeBytes, keyBytes } = profile;
  if (cipher === null) return [['cipher', ['none: no response is computed']]];
  const digits = keyBytes.map((bytes) => bytes * 2).join(' or ');
  return [
    ['cipher', [`${cipher}, ${mode === 'cbc-zero-iv' ? 'CBC with an IV of zeros' : 'one block, ECB'}, no padding`]],
    ['key', [`${keyBytes.join(' or ')} bytes (${digits} hex digits)`]],
    ['challenge', [`${challengeBytes} bytes (${challengeBytes * 2} hex digits); the response is as long`]],
    ['tries', [describeTries(profile.wrongResponseLimit)]],
  ];
}

function describeTries(limit: CardProfile['wrongResponseLimit']): string {
  if (limit === 'unlimited') return 'wrong responses are not counted by the card';
  if (limit !== null) return `${limit} wrong responses block the admin key for good`;
  return `unknown, counted as ${UNKNOWN_RESPONSE_LIMIT} wrong responses`;
}

function describePuk({ minLength, maxLength, characters, tries }: PukRule): string {
  const length = minLength === maxLength ? String(minLength) : `${minLength} to ${maxLength}`;
  const allowed = characters === 'digits' ? 'digits' : 'ASCII characters without blanks';
  const limit = tries === null ? `tries unknown, counted as ${UNKNOWN_RESPONSE_LIMIT}` : `blocked for good by ${tries} wrong ones`;
  return `${length} ${allowed}; ${limit}`;
}
