// What Slack's own schema of app manifests asks of the parts that our manifest has, as facts: lengths, counts, patterns, and
// no property that is not named. Source: github.com/slackapi/manifest-schema (MIT), schemas/manifest.schema.2.0.0.json,
// commit 085a104. Beside it, what that schema does not see: a way in where there is none.
import { z } from 'zod';

const url = (max: number) => z.string().regex(/^https?:\/\//).max(max);
const names = (most: number) => z.array(z.string().max(50)).max(most);
const unique = (list: readonly unknown[]) => new Set(list).size === list.length;

const features = z.strictObject({
  app_home: z
    .strictObject({ home_tab_enabled: z.boolean().optional(), messages_tab_enabled: z.boolean().optional(), messages_tab_read_only_enabled: z.boolean().optional() })
    .optional(),
  bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean().optional() }).optional(),
  shortcuts: z
    .array(z.strictObject({ name: z.string().min(1).max(24), type: z.enum(['message', 'global']), callback_id: z.string().min(1).max(255), description: z.string().min(1).max(150) }))
    .min(1)
    .max(10)
    .optional(),
  slash_commands: z
    .array(
      z.strictObject({
        command: z.string().min(2).max(32).startsWith('/'),
        url: url(3_000).optional(),
        description: z.string().min(1).max(2_000),
        usage_hint: z.string().min(1).max(1_000).optional(),
        should_escape: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(50)
    .optional(),
});

const manifest = z.strictObject({
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140).optional(),
    long_description: z.string().min(175).max(4_000).optional(),
    background_color: z.string().regex(/^#[0-9a-f]{3}([0-9a-f]{3})?$/i).optional(),
  }),
  features: features.optional(),
  oauth_config: z
    .strictObject({
      redirect_urls: z.array(z.string().max(2_500)).max(1_000).refine(unique).optional(),
      scopes: z.strictObject({ bot: names(255).optional(), user: names(255).optional() }).optional(),
    })
    .optional(),
  settings: z
    .strictObject({
      event_subscriptions: z.strictObject({ request_url: url(3_500).optional(), bot_events: names(100).refine(unique).optional(), user_events: names(100).refine(unique).optional() }).optional(),
      interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: url(3_500).optional() }).optional(),
      org_deploy_enabled: z.boolean().optional(),
      socket_mode_enabled: z.boolean().optional(),
      token_rotation_enabled: z.boolean().optional(),
    })
    .optional(),
});

type Manifest = z.infer<typeof manifest>;

/** What Slack would object to in a manifest; none when it is right. */
export function problemsInManifest(value: unknown): readonly string[] {
  const checked = manifest.safeParse(value);
  if (!checked.success) return checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return [...missingWaysIn(checked.data), ...eventsWithoutScope(checked.data)];
}

/** Without Socket Mode, everything that Slack sends needs an address (docs.slack.dev, "App manifest reference"). */
function missingWaysIn({ features: { slash_commands: commands = [] } = {}, settings = {} }: Manifest): string[] {
  if (settings.socket_mode_enabled === true) return [];
  const { event_subscriptions: events, interactivity } = settings;
  return [
    ...commands.filter((command) => command.url === undefined).map(({ command }) => `${command} has no url`),
    ...(events !== undefined && events.request_url === undefined ? ['events have no request_url'] : []),
    ...(interactivity?.is_enabled === true && interactivity.request_url === undefined ? ['interactivity has no request_url'] : []),
  ];
}

/** docs.slack.dev, "message.im event": it needs the scope im:history. */
const SCOPES_OF_EVENTS: Readonly<Record<string, string>> = { 'message.im': 'im:history', 'message.channels': 'channels:history', 'message.groups': 'groups:history', app_mention: 'app_mentions:read' };

function eventsWithoutScope({ oauth_config: oauth, settings }: Manifest): string[] {
  const scopes = oauth?.scopes?.bot ?? [];
  const events = settings?.event_subscriptions?.bot_events ?? [];
  return events.flatMap((event) => {
    const scope = SCOPES_OF_EVENTS[event];
    return scope === undefined || scopes.includes(scope) ? [] : [`${event} needs ${scope}`];
  });
}
