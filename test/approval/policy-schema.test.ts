// The published JSON Schema says what the policy file may say.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { policyJsonSchema } from '../../src/approval/policy-schema.js';

const PUBLISHED = readFileSync(new URL('../../docs/policy.schema.json', import.meta.url), 'utf8');

describe('docs/policy.schema.json', () => {
  it('is what `countersign policy schema` prints', () => {
    expect(PUBLISHED).toBe(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
  });

  it('knows every condition of a rule, and asks for no setting that has a default', () => {
    const when = JSON.stringify(policyJsonSchema());
    for (const name of ['profiles', 'groups', 'sites', 'cardSerials', 'cardTags', 'platforms', 'hours', 'holiday', 'unblocksInDays', 'newAuthenticator']) {
      expect(when).toContain(`"${name}":`);
    }
    expect(policyJsonSchema()).toMatchObject({ additionalProperties: false, required: ['version', 'rules'] });
  });
});
