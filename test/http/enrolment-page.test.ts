// The enrolment page over HTTP: a GET changes nothing, a POST uses the invitation up, and a code proves the seed.
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enrolmentWords } from '../../src/app/enrolment-words.js';
import { languagesOf } from '../../src/app/service.js';
import { enrolmentRoutes } from '../../src/http/enrolment-page.js';
import { type Listening, listenOn } from '../../src/http/listen.js';
import { silentLog } from '../../src/lib/log.js';
import { currentCode, seedFromBase32 } from '../../src/stepup/totp.js';
import { openWorld, type World } from '../support/world.js';

let world: World;
let server: Listening;
beforeAll(async () => {
  world = await openWorld();
  const app = express().use(enrolmentRoutes({ enrolment: world.parts.enrolment, wordsFor: enrolmentWords(languagesOf(world.parts)), clock: world.clock.now, log: silentLog }));
  server = await listenOn(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const post = (path: string, form: Record<string, string>) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', body: new URLSearchParams(form) });

function hidden(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
}

/** The key as it stands on the page. */
function seedOn(page: string): Uint8Array {
  return seedFromBase32((/<code>([A-Z2-7 ]+)<\/code>/.exec(page)?.[1] ?? '').replaceAll(' ', ''));
}

describe('an invitation', () => {
  it('survives being looked at: GET gives a page without a script and changes nothing', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/enroll`);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).not.toContain('<script');
  });

  it('is asked for in the language of the browser, English where it is none of ours', async () => {
    const asked = async (accepted: string): Promise<string> => (await fetch(`http://127.0.0.1:${server.port}/enroll`, { headers: { 'accept-language': accepted } })).text();
    expect(await asked('fr;q=0.9, de-AT;q=0.8, en;q=0.5')).toContain('<html lang="de">');
    expect(await asked('de')).toContain('Einladungscode');
    expect(await asked('en-GB, de;q=0.9')).toContain('Invitation code');
    expect(await asked('fr')).toContain('<html lang="en">');
    expect(await asked('*')).toContain('<html lang="en">');
  });

  it('leads a person with an authenticator to a second one only with a code of the first', async () => {
    const invitation = await world.parts.enrolment.invite('eve', world.clock.now());
    const started = await post('/enroll', { invitation });
    const page = await started.text();
    expect(started.status).toBe(200);
    expect(page).toContain('data:image/svg+xml;base64,');
    const form = { authenticator: hidden(page, 'authenticator'), form: hidden(page, 'form'), needsOldCode: hidden(page, 'needsOldCode') };
    const code = currentCode(seedOn(page), world.clock.now());

    const without = await post('/enroll/prove', { ...form, code });
    expect(without.status).toBe(403);
    const again = { ...form, form: hidden(await without.text(), 'form') };
    const proved = await post('/enroll/prove', { ...again, code, oldCode: world.code('eve') });
    const codes = await proved.text();
    expect(proved.status).toBe(200);
    expect(codes.match(/<li>/g)).toHaveLength(10);

    await world.beat();
    expect(world.platform.latest('person:eve').title).toBe('An authenticator was set up');
  });

  it('works once', async () => {
    const invitation = await world.parts.enrolment.invite('sam', world.clock.now());
    expect((await post('/enroll', { invitation })).status).toBe(200);
    const second = await post('/enroll', { invitation });
    expect(second.status).toBe(403);
    expect(await second.text()).toContain('was not accepted');
  });

  it('ends after ten minutes', async () => {
    const invitation = await world.parts.enrolment.invite('priya', world.clock.now());
    world.clock.forward(10 * 60_000);
    expect((await post('/enroll', { invitation })).status).toBe(403);
  });
});

describe('nonsense', () => {
  it.each([
    ['/enroll', {}],
    ['/enroll', { invitation: '<script>alert(1)</script>' }],
    ['/enroll/prove', { authenticator: 'x' }],
    ['/enroll/prove', { authenticator: '00000000-0000-4000-8000-000000000000', form: 'A'.repeat(22), code: '000000', needsOldCode: 'no' }],
  ])('sent to %s is refused with a page, not a stack', async (path, form) => {
    const answer = await post(path, form);
    expect([400, 403]).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/<script>|at Object/);
  });

  it('that is too long is refused', async () => {
    expect((await post('/enroll', { invitation: 'x'.repeat(10_000) })).status).toBe(413);
  });

  it('in great numbers is slowed down', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => post('/enroll', { invitation: 'AAAAA AAAAA' })));
    expect(answers.map(({ status }) => status)).toContain(429);
  });
});
