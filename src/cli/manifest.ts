// `countersign manifest …`: what a chat platform is told about the app.
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { fillManifest } from '../chat/slack/manifest.js';
import { CliFailure, type Io } from './io.js';
import { teamsManifestCommand } from './manifest-teams.js';

const SLACK_MANIFEST = fileURLToPath(new URL('../../manifests/slack.yaml', import.meta.url));

interface Options {
  readonly url?: string;
  readonly socket?: true;
  readonly several?: true;
  readonly command: string;
}

export function manifestCommands(program: Command, io: Io): void {
  const manifest = program.command('manifest').description('what a chat platform is told about the app');
  manifest
    .command('slack')
    .description('print the Slack app manifest')
    .option('--url <url>', 'where Slack reaches the server, such as https://unblock.example.com')
    .option('--socket', 'for Socket Mode, which needs no address')
    .option('--several', 'for several workspaces, or a whole Enterprise Grid organisation')
    .option('--command <command>', 'the slash command', '/unblock')
    .action((options: Options) => slackManifest(options, io));
  teamsManifestCommand(manifest, io);
}

async function slackManifest({ url, socket, several, command }: Options, io: Io): Promise<void> {
  if ((url === undefined) === (socket === undefined)) throw new CliFailure(2, 'manifest-way-in', 'Give --url with the address of the server, or --socket: one of the two.');
  if (url !== undefined && !/^https:\/\/[^/]+/.test(url)) throw new CliFailure(2, 'manifest-url', `${url} is no https address, and Slack sends to nothing else.`);
  if (!/^\/[a-z0-9_-]{1,31}$/.test(command)) throw new CliFailure(2, 'manifest-command', 'A slash command is a slash and up to 31 small letters, digits, - and _.');
  if (several === true && url === undefined) throw new CliFailure(2, 'manifest-several', 'Several workspaces need --url: the installation leads through it.');
  const text = await io.readFile(SLACK_MANIFEST);
  io.stdout(fillManifest(text, { url: url?.replace(/\/+$/, '') ?? null, command, several: several === true }));
}
