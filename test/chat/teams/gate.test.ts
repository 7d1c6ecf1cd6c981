// What the gate lets through to the SDK: tokens that claim the right things. Ten thousand that do not, do not.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { whyRefused } from '../../../src/chat/teams/gate.js';
import { serviceUrlCheck } from '../../../src/chat/teams/service-urls.js';
import { MICROSOFT } from '../../../src/chat/teams/settings.js';

const APP_ID = '11111111-2222-4333-8444-555555555555';
const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';
const RULES = { appId: APP_ID, issuer: MICROSOFT.issuer, isKnown: serviceUrlCheck(MICROSOFT.serviceUrl) };
const AT = new Date('2026-06-01T09:00:00Z');
const SECONDS = AT.getTime() / 1_000;
const HEAD = { alg: 'RS256', kid: 'a-key' };
const CLAIMS = { iss: MICROSOFT.issuer, aud: APP_ID, exp: SECONDS + 600, nbf: SECONDS - 60, serviceurl: SERVICE_URL };

function verdict(head: unknown, claims: unknown, serviceUrl = SERVICE_URL): string | null {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return whyRefused({ authorization: `Bearer ${part(head)}.${part(claims)}.c2ln`, serviceUrl, at: AT }, RULES);
}

describe('the gate', () => {
  it('lets through what claims the right things', () => {
    expect(verdict(HEAD, CLAIMS)).toBeNull();
  });

  it.each<[string, unknown, unknown]>([
    ['algorithm', { ...HEAD, alg: 'none' }, CLAIMS],
    ['algorithm', { ...HEAD, alg: 'HS256' }, CLAIMS],
    ['algorithm', { alg: 'RS256' }, CLAIMS],
    ['issuer', HEAD, { ...CLAIMS, iss: 'https://sts.windows.net/x/' }],
    ['audience', HEAD, { ...CLAIMS, aud: 'another' }],
    ['claims', HEAD, { ...CLAIMS, aud: [APP_ID] }],
    ['time', HEAD, { ...CLAIMS, exp: SECONDS - 301 }],
    ['time', HEAD, { ...CLAIMS, nbf: SECONDS + 301 }],
    ['claims', HEAD, { ...CLAIMS, exp: undefined }],
    ['service-url', HEAD, { ...CLAIMS, serviceurl: 'https://smba.trafficmanager.net/apac/' }],
  ])('refuses a wrong %s', (why, head, claims) => {
    expect(verdict(head, claims)).toBe(why);
  });

  it('refuses ten thousand that are malformed or forged', () => {
    const wrong = fc.oneof(fc.jsonValue(), fc.constantFrom(null, '', 0, [], {}));
    const change = fc.record({ iss: wrong, aud: wrong, exp: fc.constantFrom(0, -1, SECONDS - 301, '', null), serviceurl: wrong }, { requiredKeys: [] }).filter((made) => Object.keys(made).length > 0);
    const forged = change.map((made) => [HEAD, { ...CLAIMS, ...made }] as const);
    const odd = fc.tuple(fc.jsonValue(), fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(forged, odd), ([head, claims]) => {
        expect(verdict(head, claims)).not.toBeNull();
      }),
      { numRuns: 5_000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string(), (authorization, serviceUrl) => {
        expect(whyRefused({ authorization, serviceUrl, at: AT }, RULES)).not.toBeNull();
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the Bot Connectors that are spoken to', () => {
  const known = serviceUrlCheck(MICROSOFT.serviceUrl);

  it.each(['https://smba.trafficmanager.net/teams/', 'https://smba.trafficmanager.net/emea/9999', 'https://smba.infra.gcc.teams.microsoft.com/teams'])('are %s', (url) => {
    expect(known(url)).toBe(true);
  });

  it.each([
    'http://smba.trafficmanager.net/teams/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net',
    'https://smba.trafficmanager.net@evil.example/',
    'https://user@smba.trafficmanager.net/',
    'https://smba.trafficmanager.net:8443/',
    'https://other.trafficmanager.net/teams/',
    'https://smba.infra.gov.teams.microsoft.us/teams',
    'http://127.0.0.1:8000/',
    'javascript:alert(1)',
    '',
  ])('are never %s', (url) => {
    expect(known(url)).toBe(false);
  });

  it('are, where a test names one, that one too', () => {
    expect(serviceUrlCheck('http://127.0.0.1:8000/teams/')('http://127.0.0.1:8000/other/')).toBe(true);
    expect(serviceUrlCheck('http://127.0.0.1:8000/teams/')('http://127.0.0.1:8001/teams/')).toBe(false);
  });
});
