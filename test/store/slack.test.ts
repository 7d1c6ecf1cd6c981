// Slack's side of the database: whose installation answers, and what is taken once.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../src/store/database.js';
import { PrismaSlack, type SlackInstalled } from '../../src/store/slack.js';
import { KeyVault } from '../../src/vault/key-vault.js';
import { RowMac } from '../../src/vault/row-mac.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { holdKeks } from '../../src/vault/kek.js';
import { newKek } from '../vault/support.js';

let base: TestDatabase;
let database: Database;
let store: PrismaSlack;
let now = Date.UTC(2026, 5, 1);
const clock = () => new Date(now);

beforeAll(async () => {
  base = await freshDatabase();
  database = openDatabase(base.url);
  store = new PrismaSlack({ database, rowMac: new RowMac(new Uint8Array(randomBytes(32))), vault: new KeyVault(holdKeks(await newKek())), clock });
});
afterAll(async () => {
  await database.$disconnect();
  await base.drop();
});

function installed(over: Partial<SlackInstalled>): SlackInstalled {
  const tokens = { bot: `xoxb-${over.place ?? ''}`, refresh: null, expiresAt: null };
  return { place: 'T1', teamId: 'T1', enterpriseId: null, orgWide: false, appId: 'A1', botId: 'B1', botUserId: 'U1', scopes: ['commands'], installedBy: 'U2', tokens, ...over };
}

const placesReaching = async (tenant: string) => (await store.installationsReaching(tenant)).map(({ place }) => place);

describe('an installation', () => {
  it('is found by its workspace, and takes the place of an earlier one', async () => {
    await store.saveInstallation(installed({}));
    await store.saveInstallation(installed({ tokens: { bot: 'xoxb-newer', refresh: 'xoxe-1', expiresAt: 5 } }));
    expect(await store.places()).toEqual(['T1']);
    expect((await store.installationFrom({ teamId: 'T1', enterpriseId: null }))?.tokens).toEqual({ bot: 'xoxb-newer', refresh: 'xoxe-1', expiresAt: 5 });
    expect(await store.installationFrom({ teamId: 'T9', enterpriseId: null })).toBeNull();
  });

  it('of an organisation answers for all its workspaces', async () => {
    await store.saveInstallation(installed({ place: 'T3', teamId: 'T3', enterpriseId: 'E1' }));
    await store.saveInstallation(installed({ place: 'E1', teamId: null, enterpriseId: 'E1', orgWide: true }));
    expect((await store.installationFrom({ teamId: 'T4', enterpriseId: 'E1' }))?.place).toBe('E1');
    expect((await store.installationFrom({ teamId: 'T3', enterpriseId: 'E1' }))?.place).toBe('E1');
    expect(await placesReaching('E1')).toEqual(['E1']);
    expect((await store.installationAt('T3'))?.place).toBe('T3');
  });

  it('of each workspace of an organisation is found by that workspace, and reaches the organisation\'s people', async () => {
    await store.removeInstallation('E1', 'uninstalled');
    await store.saveInstallation(installed({ place: 'T4', teamId: 'T4', enterpriseId: 'E1' }));
    expect(await placesReaching('E1')).toEqual(['T3', 'T4']);
    expect((await store.installationFrom({ teamId: 'T4', enterpriseId: 'E1' }))?.tokens.bot).toBe('xoxb-T4');
    expect(await store.installationFrom({ teamId: 'T5', enterpriseId: 'E1' })).toBeNull();
    expect(await store.installationAt('E1')).toBeNull();
  });

  it('gets new tokens where it still is, and does not come back with them where it was removed', async () => {
    const renewed = (place: string) => installed({ place, teamId: place, enterpriseId: 'E1', tokens: { bot: `xoxe.xoxb-${place}`, refresh: 'xoxe-2', expiresAt: 9 } });
    await store.renewInstallation(renewed('T4'));
    expect((await store.installationAt('T4'))?.tokens).toEqual({ bot: 'xoxe.xoxb-T4', refresh: 'xoxe-2', expiresAt: 9 });
    await store.removeInstallation('T4', 'tokens-revoked');
    await store.renewInstallation(renewed('T4'));
    expect(await store.installationAt('T4')).toBeNull();
  });

  it('is audited when it comes and when it goes, with why', async () => {
    const entries = (await database.auditEntry.findMany({ orderBy: { id: 'asc' } })).map(({ body }) => JSON.parse(body) as { kind: string; facts: unknown });
    const removed = entries.filter(({ kind }) => kind === 'slack-removed').map(({ facts }) => facts);
    expect(removed).toEqual([{ place: 'E1', why: 'uninstalled' }, { place: 'T4', why: 'tokens-revoked' }]);
    expect(entries.filter(({ kind }) => kind === 'slack-installed')).toHaveLength(5);
  });

  it('does not open for another workspace than its own', async () => {
    await database.$executeRaw`UPDATE "SlackInstallation" SET tenant = 'T9' WHERE tenant = 'T1'`;
    await expect(store.installationAt('T9')).rejects.toMatchObject({ name: 'VaultError', code: 'row-tampered' });
  });
});

describe('what works once', () => {
  it('is a state, until its time is over', async () => {
    await store.keepState('one', new Date(now + 1_000));
    await store.keepState('two', new Date(now + 1_000));
    expect([await store.takeState('one'), await store.takeState('one'), await store.takeState('never')]).toEqual([true, false, false]);
    now += 1_001;
    expect(await store.takeState('two')).toBe(false);
  });

  it('is a delivery, also when it comes twice at the same time', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.takeDelivery('delivery:1', clock())));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('is let go of after an hour, no sooner', async () => {
    now += 59 * 60_000;
    await store.sweep();
    expect(await store.takeDelivery('delivery:1', clock())).toBe(false);
    now += 2 * 60_000;
    await store.sweep();
    expect(await database.slackDelivery.count()).toBe(0);
  });

  it('is the emptying of a dialog, which one process claims at a time', async () => {
    await store.keepDialog({ viewId: 'V1', tenant: 'T1', emptyAt: new Date(now + 1_000), locale: 'de' });
    const again = new Date(now + 60_000);
    expect(await store.claimDialogs(clock(), again)).toEqual([]);
    now += 1_000;
    const claims = await Promise.all(Array.from({ length: 5 }, () => store.claimDialogs(clock(), again)));
    expect(claims.flat()).toEqual([{ viewId: 'V1', tenant: 'T1', locale: 'de' }]);
    now += 60_000;
    expect(await store.claimDialogs(clock(), new Date(now + 60_000))).toHaveLength(1);
    await store.forgetDialog('V1');
    now += 60_000;
    expect(await store.claimDialogs(clock(), again)).toEqual([]);
  });
});
