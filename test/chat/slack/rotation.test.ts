// Tokens that rotate: exchanged before they end, each workspace's own, and never for one that was removed meanwhile.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Installations, type Installed, InstalledWorkspaces } from '../../../src/chat/slack/install.js';
import { SlackApi } from '../../../src/chat/slack/slack-api.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { SlackService } from '../../support/slack-service.js';

let slack: SlackService;
let kept: Map<string, Installed>;
let saved: string[];
let workspaces: InstalledWorkspaces;
let now: number;
const clock = () => new Date(now);
beforeEach(async () => {
  slack = await SlackService.open([]);
  now = Date.now();
  kept = new Map();
  saved = [];
  const installations: Installations = {
    saveInstallation: ({ place }) => {
      saved.push(place);
      return Promise.resolve();
    },
    renewInstallation: (installed) => {
      if (kept.has(installed.place)) kept.set(installed.place, installed);
      return Promise.resolve();
    },
    installationFrom: ({ teamId, enterpriseId }) => Promise.resolve(kept.get(enterpriseId ?? '') ?? kept.get(teamId ?? '') ?? null),
    installationAt: (place) => Promise.resolve(kept.get(place) ?? null),
    installationsReaching: () => Promise.resolve([...kept.values()]),
    keepState: () => Promise.resolve(),
    takeState: () => Promise.resolve(false),
  };
  const api = new SlackApi({ apiUrl: slack.apiUrl, clock, log: silentLog });
  const oauth = { clientId: 'client', clientSecret: 'client-secret', workspaces: [] };
  workspaces = new InstalledWorkspaces({ oauth, publicUrl: 'http://countersign.test', apiUrl: slack.apiUrl, installations, api, clock, log: silentLog });
});
afterEach(() => slack.close());

/** Its token ends in so many hours. */
function keep(place: string, hours: number): void {
  const orgWide = place.startsWith('E');
  const expiresAt = Math.floor((now + hours * HOUR_MS) / SECOND_MS);
  const tokens = { bot: `xoxe.xoxb-${place}`, refresh: `xoxe-${place}`, expiresAt };
  kept.set(place, { place, teamId: orgWide ? null : place, enterpriseId: 'E1', orgWide, appId: 'A1', botId: 'B1', botUserId: 'U1', scopes: ['commands'], installedBy: 'U2', tokens });
}

describe('a token', () => {
  it('that does not end soon is used as it is', async () => {
    keep('T1', 3);
    expect((await workspaces.at('T1'))?.botToken).toBe('xoxe.xoxb-T1');
    expect(slack.called('oauth.v2.access')).toHaveLength(0);
  });

  it('that ends soon is exchanged with its own workspace\'s, whatever else the organisation has', async () => {
    keep('E1', 3);
    keep('T1', 1);
    expect((await workspaces.at('T1'))?.botToken).toBe('after xoxe-T1');
    expect(kept.get('T1')?.tokens).toMatchObject({ bot: 'after xoxe-T1', refresh: 'next xoxe-T1' });
    expect(kept.get('E1')?.tokens.bot).toBe('xoxe.xoxb-E1');
    expect(saved).toEqual([]);
  });

  it('that ends soon is exchanged once, however many ask for it at once: what exchanges it works once', async () => {
    keep('T1', 1);
    const found = await Promise.all(Array.from({ length: 10 }, () => workspaces.at('T1')));
    expect(found.map((workspace) => workspace?.botToken)).toEqual(Array.from({ length: 10 }, () => 'after xoxe-T1'));
    expect(slack.called('oauth.v2.access')).toHaveLength(1);
  });

  it('that Slack does not exchange just now is used while it is good, and exchanged a minute later', async () => {
    keep('T1', 1);
    slack.fail('oauth.v2.access', 'internal_error');
    for (let events = 0; events < 3; events += 1) expect((await workspaces.at('T1'))?.botToken).toBe('xoxe.xoxb-T1');
    expect(slack.called('oauth.v2.access')).toHaveLength(1);
    now += MINUTE_MS;
    expect((await workspaces.at('T1'))?.botToken).toBe('after xoxe-T1');
  });

  it('whose workspace was removed meanwhile does not bring it back', async () => {
    keep('T1', 1);
    slack.beforeRefresh = () => void kept.delete('T1');
    await workspaces.at('T1');
    expect([[...kept.keys()], saved]).toEqual([[], []]);
  });
});
