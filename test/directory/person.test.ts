// The one form of an e-mail address.
import { describe, expect, it } from '@jest/globals';
import { normaliseEmail } from '../../src/directory/person.js';

describe('normaliseEmail', () => {
  it('is lower case, NFC, without blanks around it', () => {
    expect(normaliseEmail(' Zoe\u0308@Example.ORG ')).toBe('zo\u00eb@example.org');
  });
});
