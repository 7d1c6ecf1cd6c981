// Slack's signature, against the example that Slack publishes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sign, whyNotSlack } from '../../../src/chat/slack/signature.js';

const example = JSON.parse(readFileSync(new URL('../../vectors/slack-signature.json', import.meta.url), 'utf8')) as {
  readonly signingSecret: string;
  readonly timestamp: string;
  readonly body: string;
  readonly signature: string;
};
const body = Buffer.from(example.body);
const at = (seconds: number) => new Date((Number(example.timestamp) + seconds) * 1_000);
const request = { timestamp: example.timestamp, signature: example.signature, body };

describe('the signature of a request', () => {
  it('is the one of Slack\'s own example', () => {
    expect(sign(body, example.timestamp, example.signingSecret)).toBe(example.signature);
    expect(whyNotSlack(request, example.signingSecret, at(0))).toBeNull();
  });

  it.each([[-300, null], [300, null], [-301, 'wrong-time'], [301, 'wrong-time']])('made %d seconds from now is answered %p', (seconds, why) => {
    expect(whyNotSlack(request, example.signingSecret, at(seconds))).toBe(why);
  });

  it('is refused when anything of it is another one', () => {
    const cases = [
      { ...request, signature: undefined },
      { ...request, timestamp: undefined },
      { ...request, signature: request.signature.toUpperCase() },
      { ...request, signature: request.signature.replace('v0=', 'v1=') },
      { ...request, signature: `${request.signature}00` },
      { ...request, body: Buffer.concat([body, Buffer.from(' ')]) },
    ];
    expect(cases.map((one) => whyNotSlack(one, example.signingSecret, at(0)) === null)).toEqual(cases.map(() => false));
    expect(whyNotSlack(request, `${example.signingSecret}x`, at(0))).toBe('wrong-signature');
  });

  it('is not found by guessing', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.uint8Array(), (timestamp, signature, bytes) => {
      expect(whyNotSlack({ timestamp, signature, body: bytes }, example.signingSecret, at(0))).not.toBeNull();
    }), { numRuns: 10_000 });
  });
});
