// `countersign manifest teams`: the app package that an administrator uploads to Teams.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { fillManifest, packageApp } from '../chat/teams/manifest.js';
import { CliFailure, type Io } from './io.js';

const TEAMS_MANIFEST = fileURLToPath(new URL('../../manifests/teams/manifest.json', import.meta.url));
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Options {
  readonly appId: string;
  readonly url: string;
  readonly out: string;
  readonly privacy?: string;
  readonly terms?: string;
  readonly appVersion: string;
}

/** Below `countersign manifest`. */
export function teamsManifestCommand(manifest: Command, io: Io): void {
  manifest
    .command('teams')
    .description('write the Teams app package, to be uploaded by an administrator')
    .requiredOption('--app-id <id>', "the bot's application id (MicrosoftAppId)")
    .requiredOption('--url <url>', 'where Teams reaches the server, such as https://unblock.example.com')
    .requiredOption('--out <file>', 'the package to write, such as countersign.zip')
    .option('--privacy <url>', 'the page about privacy that people are shown (default: the address of the server)')
    .option('--terms <url>', 'the terms of use that people are shown (default: the address of the server)')
    .option('--app-version <version>', 'higher at every upload', '1.0.0')
    .action((options: Options) => teamsManifest(options, io));
}

async function teamsManifest({ appId, url, out, privacy = url, terms = url, appVersion }: Options, io: Io): Promise<void> {
  if (!UUID.test(appId.toLowerCase())) throw new CliFailure(2, 'manifest-app-id', 'The application id is 8-4-4-4-12 hex digits: copy it from the app registration.');
  for (const address of [url, privacy, terms]) {
    if (!/^https:\/\/[^/]/.test(address) || !URL.canParse(address)) throw new CliFailure(2, 'manifest-url', `${address} is no https address, and Teams takes nothing else.`);
  }
  if (!/^\d{1,5}\.\d{1,5}\.\d{1,5}$/.test(appVersion)) throw new CliFailure(2, 'manifest-version', 'A version is three numbers with dots between, such as 1.0.1.');
  const facts = { appId: appId.toLowerCase(), url: url.replace(/\/+$/, ''), privacyUrl: privacy, termsUrl: terms, version: appVersion };
  const app = packageApp(fillManifest(await io.readFile(TEAMS_MANIFEST), facts));
  await writeFile(out, app).catch((cause: unknown) => {
    throw new CliFailure(1, 'manifest-unwritable', `${out} cannot be written: check the folder.`, { cause });
  });
  io.stdout(`${out} is written. Upload it in the Teams admin center: Teams apps, Manage apps, Upload new app.\n`);
}
