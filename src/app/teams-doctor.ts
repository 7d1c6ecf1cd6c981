// Gathers what `countersign doctor` looks at in Teams: the bot's credentials, its channels, and who may be asked.
import { HELPDESK_GROUP } from '../approval/policy.js';
import { Connector } from '../chat/teams/connector.js';
import type { Finding } from '../chat/finding.js';
import { type Approver, examineTeams as examine } from '../chat/teams/doctor.js';
import { serviceUrlCheck } from '../chat/teams/service-urls.js';
import { tokenSource } from '../chat/teams/tokens.js';
import type { Config } from '../config.js';
import type { TeamsConfig } from '../config-teams.js';
import { type Clock, systemClock } from '../lib/clock.js';
import { openLog } from '../lib/log.js';
import { PrismaTeams } from '../store/teams.js';
import { openParts, type Parts } from './parts.js';
import { graphOf, settingsOf } from './teams.js';

export async function examineTeams(config: Config, teams: TeamsConfig, clock: Clock = systemClock): Promise<readonly Finding[]> {
  const settings = await settingsOf(teams);
  const { tenantId, openIdMetadata } = settings;
  const tokens = tokenSource(settings, clock);
  const parts = await openParts(config, { clock, log: openLog('error') });
  try {
    const memory = new PrismaTeams(parts);
    return await examine({
      tokens,
      connector: new Connector({ tokens, isKnown: serviceUrlCheck(settings.serviceUrl), clock }),
      tenantId,
      openIdMetadata,
      publicUrl: config.publicUrl,
      channels: [
        { name: 'helpdesk', id: teams.channels.helpdesk },
        { name: 'security', id: teams.channels.security },
      ],
      serviceUrl: (await memory.latestServiceUrl(tenantId)) ?? settings.serviceUrl,
      approvers: await approversOf(parts, memory, tenantId),
      graph: graphOf(teams, settings, clock),
    });
  } finally {
    await parts.close();
  }
}

/** Managers of anybody, and the helpdesk. */
async function approversOf({ people }: Parts, memory: PrismaTeams, tenantId: string): Promise<readonly Approver[]> {
  const everyone = (await people.all()).filter(({ active }) => active);
  const managers = new Set(everyone.map(({ managerId }) => managerId));
  const asked = everyone.filter(({ id, groups }) => managers.has(id) || groups.includes(HELPDESK_GROUP));
  return await Promise.all(
    asked.map(async ({ id, name, groups }) => {
      const account = (await people.accountsOf(id)).find(({ platform, tenant }) => platform === 'teams' && tenant === tenantId);
      const place = account === undefined ? null : await memory.personalPlace(tenantId, account.userId);
      return { name, helpdesk: groups.includes(HELPDESK_GROUP), userId: account?.userId ?? null, reached: place !== null };
    }),
  );
}
