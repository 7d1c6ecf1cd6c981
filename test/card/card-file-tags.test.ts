// Tags and sponsors in a file of cards.
import { describe, expect, it } from '@jest/globals';
import { readCardFile } from '../../src/card/card-file.js';

function read(tags: string, sponsor: string) {
  const key = '8A98F110D3497B022100B774DF0EF99B53EF4B8E3B918604';
  return readCardFile(`serial,label,profile,holder,key,tags,sponsor\nS1,L,gids,Ana@b.org,${key},${tags},${sponsor}\n`, { allowDefaultKeys: false });
}

describe('a row', () => {
  it.each([
    ['', '', [], null],
    ['Privileged', 'Ben@b.org', ['privileged'], 'ben@b.org'],
    [' vault ; tier-0|VAULT;; ', '', ['vault', 'tier-0'], null],
  ])('with tags %j and sponsor %j', (tags, sponsor, kept, sponsorEmail) => {
    expect(read(tags, sponsor)).toMatchObject({ cards: [{ tags: kept, sponsorEmail }], problems: [] });
  });

  it.each([
    ['two words', '', 'A tag has up to 40'],
    ['-dash', '', 'A tag has up to 40'],
    ['x'.repeat(41), '', 'A tag has up to 40'],
    [Array.from({ length: 17 }, (_, at) => `t${at}`).join(';'), '', 'more than 16 tags'],
    ['', 'ben', 'The sponsor is not an e-mail address'],
    ['', 'ANA@b.org', 'The sponsor is the holder'],
  ])('is refused with tags %j and sponsor %j', (tags, sponsor, words) => {
    expect(read(tags, sponsor)).toMatchObject({ cards: [], problems: [{ line: 2, serial: 'S1', problem: expect.stringContaining(words) }] });
  });
});
