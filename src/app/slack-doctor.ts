// Gathers what `countersign doctor` looks at in Slack: the one workspace of a token, or every installed one.
import type { Finding } from '../chat/finding.js';
import { type ExaminedSlack, examineConnection, examineWorkspace, strayChannel, unsetChannel } from '../chat/slack/doctor.js';
import { InstalledWorkspaces } from '../chat/slack/install.js';
import { SlackApi } from '../chat/slack/slack-api.js';
import type { Config } from '../config.js';
import type { SlackConfig } from '../config-slack.js';
import { type Clock, systemClock } from '../lib/clock.js';
import { openLog } from '../lib/log.js';
import { PrismaSlack } from '../store/slack.js';
import { openParts } from './parts.js';

export async function examineSlack(config: Config, slack: SlackConfig, clock: Clock = systemClock): Promise<readonly Finding[]> {
  const { apiUrl, signingSecret, appToken } = slack;
  const api = new SlackApi({ apiUrl, clock, log: openLog('error') });
  const examined: ExaminedSlack = { api, apiUrl, publicUrl: config.publicUrl, signingSecret, appToken, channels: channelsOf(slack), clock };
  const workspaces = slack.oauth === null ? await examineWorkspace({ place: '', botToken: slack.botToken ?? '' }, examined) : await examineInstalled(config, slack, examined);
  return [...(await examineConnection(examined)), ...workspaces];
}

async function examineInstalled(config: Config, { oauth, apiUrl }: SlackConfig, examined: ExaminedSlack): Promise<readonly Finding[]> {
  const { api, clock } = examined;
  const parts = await openParts(config, { clock, log: openLog('error') });
  try {
    const installations = new PrismaSlack(parts);
    const places = await installations.places();
    if (oauth === null || places.length === 0) {
      return [{ about: 'token', state: 'problem', text: `The app is installed nowhere yet: open ${config.publicUrl}/slack/install in a browser.` }];
    }
    const workspaces = new InstalledWorkspaces({ oauth, publicUrl: config.publicUrl, apiUrl, installations, api, clock, log: parts.log });
    const found = await Promise.all(places.map(async (place) => {
      const workspace = await workspaces.at(place);
      return workspace === null ? [] : examineWorkspace(workspace, { ...examined, channels: examined.channels.filter(({ id }) => id?.startsWith(`${place}/`) === true) });
    }));
    return [...found.flat(), ...channelsOutside(examined.channels, places)];
  } finally {
    await parts.close();
  }
}

/** What no workspace can be asked about. */
function channelsOutside(channels: ExaminedSlack['channels'], places: readonly string[]): readonly Finding[] {
  return channels.flatMap(({ name, id }) => {
    if (id === null) return [unsetChannel(name)];
    return places.some((place) => id.startsWith(`${place}/`)) ? [] : [strayChannel(name, id)];
  });
}

function channelsOf({ channels }: SlackConfig): ExaminedSlack['channels'] {
  return [
    { name: 'helpdesk', id: channels.helpdesk },
    { name: 'security', id: channels.security },
  ];
}
