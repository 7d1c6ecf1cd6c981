// The app manifest with an installation's own address, command and way in.
import { parse, stringify } from 'yaml';
import { z } from 'zod';

export interface ManifestChoices {
  /** Where Slack reaches the server, without a slash at its end; null over Socket Mode. */
  readonly url: string | null;
  /** Several installations in one workspace have a command each. */
  readonly command: string;
  /** Installed on a whole Enterprise Grid organisation, with tokens that rotate. */
  readonly several: boolean;
}

const manifestSchema = z.looseObject({
  features: z.looseObject({ slash_commands: z.array(z.looseObject({ command: z.string() })) }),
  oauth_config: z.looseObject({}),
  settings: z.looseObject({ event_subscriptions: z.looseObject({}), interactivity: z.looseObject({}) }),
});

/** `text`: manifests/slack.yaml. Returns YAML. Throws a ZodError where the file is not what it should be. */
export function fillManifest(text: string, { url, command, several }: ManifestChoices): string {
  const manifest = manifestSchema.parse(parse(text));
  const events = url === null ? {} : { request_url: `${url}/slack/events` };
  const { features, oauth_config: oauth, settings } = manifest;
  const filled = {
    ...manifest,
    features: {
      ...features,
      slash_commands: features.slash_commands.map(({ url: _url, ...one }) => ({ ...one, command, ...(url === null ? {} : { url: `${url}/slack/events` }) })),
    },
    oauth_config: { ...without(oauth, 'redirect_urls'), ...(several && url !== null ? { redirect_urls: [`${url}/slack/oauth_redirect`] } : {}) },
    settings: {
      ...settings,
      event_subscriptions: { ...without(settings.event_subscriptions, 'request_url'), ...events },
      interactivity: { ...without(settings.interactivity, 'request_url'), ...events },
      org_deploy_enabled: several,
      socket_mode_enabled: url === null,
      token_rotation_enabled: several,
    },
  };
  return stringify(filled, { lineWidth: 0 });
}

function without(record: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
