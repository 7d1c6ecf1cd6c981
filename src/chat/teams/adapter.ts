// The Bot Framework's CloudAdapter, set up so that nothing it leaves open stays open: it checks who sent an activity and
// frames the answer to an invoke.
import {
  type Activity,
  ActivityTypes,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type TurnContext,
} from 'botbuilder';
import { z } from 'zod';
import { SECOND_MS } from '../../lib/clock.js';
import { inTime } from '../../lib/in-time.js';
import type { TeamsActivity } from './activity.js';
import type { InvokeAnswer } from './invoke.js';
import { CONNECTOR_SCOPE, type TeamsSettings } from './settings.js';

/** The SDK waits for the Bot Connector's keys without end. */
const CHECK_MS = 4 * SECOND_MS;

/** The token is not the Bot Connector's. */
export class NotAuthentic extends Error {
  override readonly name = 'NotAuthentic';
}

type AdapterSettings = Pick<TeamsSettings, 'appId' | 'tenantId' | 'openIdMetadata' | 'issuer' | 'loginUrl'>;

type Checked = Pick<TeamsActivity, 'type' | 'channelId' | 'serviceUrl'>;

export class TeamsAdapter extends CloudAdapter {
  constructor(settings: AdapterSettings) {
    super(authenticationFor(settings));
  }

  /**
   * Checks the token of an activity and hands it over. Throws NotAuthentic; anything else is a fault: the keys were not
   * to be had, or the turn itself failed. Not `process`, which answers a forged token with 500 and writes to the console.
   * The SDK is given nothing but what it checks: it acts on other fields by itself (`deliveryMode`).
   */
  async receive(authorization: string, { type, channelId, serviceUrl }: Checked, hear: () => Promise<InvokeAnswer | null>): Promise<InvokeAnswer> {
    const activity = { type, channelId, serviceUrl } as Activity;
    const authentic = await inTime(this.botFrameworkAuthentication.authenticateRequest(activity, authorization), CHECK_MS).catch((error: unknown) => {
      throw isOfToken(error) ? new NotAuthentic('the token is not one of the Bot Connector', { cause: error }) : error;
    });
    const answered = await this.processActivity(authentic, activity, async (turn) => leave(turn, await hear()));
    return answered ?? { status: 200 };
  }
}

async function leave(turn: TurnContext, answer: InvokeAnswer | null): Promise<void> {
  if (turn.activity.type !== 'invoke') return;
  await turn.sendActivity({ type: ActivityTypes.InvokeResponse, value: answer ?? { status: 501 } });
}

/** What jsonwebtoken throws. */
const TOKEN_ERRORS: readonly string[] = ['JsonWebTokenError', 'TokenExpiredError', 'NotBeforeError'];
const unauthorized = z.object({ statusCode: z.literal(401) });

/** Whatever else goes wrong is no verdict on a token: the keys did not come, or are no keys. */
function isOfToken(error: unknown): boolean {
  return error instanceof Error && (TOKEN_ERRORS.includes(error.name) || unauthorized.safeParse(error).success);
}

/** All of these must be given together: with one missing the SDK falls back to its own for all. */
function authenticationFor(settings: AdapterSettings): ConfigurationBotFrameworkAuthentication {
  const { appId, tenantId, openIdMetadata, issuer, loginUrl } = settings;
  if (appId === '') throw new RangeError('without an application id the SDK would check nothing');
  const options = {
    MicrosoftAppId: appId,
    MicrosoftAppTenantId: tenantId,
    // The one kind that asks for no secret: the SDK makes no calls of its own here, so its credentials are never used.
    MicrosoftAppType: 'UserAssignedMsi',
    ValidateAuthority: true,
    ToChannelFromBotLoginUrl: `${loginUrl}/${tenantId}`,
    ToChannelFromBotOAuthScope: CONNECTOR_SCOPE,
    ToBotFromChannelTokenIssuer: issuer,
    OAuthUrl: 'https://api.botframework.com',
    ToBotFromChannelOpenIdMetadataUrl: openIdMetadata,
    // The gate lets no token of the emulator or of another bot pass, so nothing is ever read from here.
    ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadata,
    CallerId: '',
  };
  return new ConfigurationBotFrameworkAuthentication(options);
}
