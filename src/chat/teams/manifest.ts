// The Teams app as a package: the manifest of the repository with ids and addresses filled in, and the icons.
import { z } from 'zod';
import { zip } from '../../lib/zip.js';
import { colourIcon, outlineIcon } from './icons.js';

const manifestSchema = z.looseObject({
  id: z.string(),
  version: z.string(),
  developer: z.looseObject({ websiteUrl: z.string(), privacyUrl: z.string(), termsOfUseUrl: z.string() }),
  bots: z.tuple([z.looseObject({ botId: z.string() })]),
  composeExtensions: z.tuple([z.looseObject({ botId: z.string() })]),
  validDomains: z.array(z.string()),
});

export interface ManifestFacts {
  /** The application id of the bot; the Teams app goes by the same. */
  readonly appId: string;
  /** Where people reach the server, https, without a slash at its end. */
  readonly url: string;
  readonly privacyUrl: string;
  readonly termsUrl: string;
  /** Higher at every upload (1.0.1, …), or Teams keeps what it has. */
  readonly version: string;
}

/** `template`: manifests/teams/manifest.json. Throws a SyntaxError or ZodError where it is no manifest. */
export function fillManifest(template: string, { appId, url, privacyUrl, termsUrl, version }: ManifestFacts): string {
  const manifest = manifestSchema.parse(JSON.parse(template));
  const { bots: [bot], composeExtensions: [extension] } = manifest;
  const filled = {
    ...manifest,
    id: appId,
    version,
    developer: { ...manifest.developer, websiteUrl: url, privacyUrl, termsOfUseUrl: termsUrl },
    bots: [{ ...bot, botId: appId }],
    composeExtensions: [{ ...extension, botId: appId }],
    validDomains: [new URL(url).hostname],
  };
  return `${JSON.stringify(filled, null, 2)}\n`;
}

/** What an administrator uploads: the three files at the top of the archive. */
export function packageApp(manifest: string): Buffer {
  return zip([
    { name: 'manifest.json', content: Buffer.from(manifest, 'utf8') },
    { name: 'color.png', content: colourIcon() },
    { name: 'outline.png', content: outlineIcon() },
  ]);
}
