// `countersign doctor`: what is wrong with the chat platforms that are set up, and what to do about it.
import type { Command } from 'commander';
import { examineBreakGlass } from '../app/break-glass-doctor.js';
import { examineMail } from '../app/mail.js';
import { examineRotas } from '../app/rota-doctor.js';
import { examineSlack } from '../app/slack-doctor.js';
import { examineTeams } from '../app/teams-doctor.js';
import { readConfig, readEnv } from '../config.js';
import { type Finding, problem } from '../chat/finding.js';
import { CliFailure, type Io, printJson } from './io.js';
import { openConfigured } from './with-parts.js';

const SIGNS = { ok: 'ok      ', warning: 'warning ', problem: 'PROBLEM ' } as const;

export function doctorCommand(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('check the chat platforms that are set up, and say what to do about what is wrong')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => doctor(options.json === true, io));
}

async function doctor(json: boolean, io: Io): Promise<void> {
  const config = readConfig(readEnv());
  const { slack, teams, mail } = config;
  if (slack === null && teams === null) {
    throw new CliFailure(1, 'no-platform', 'No chat platform is set up: set the variables of Slack (docs/slack.md) or Teams (docs/teams.md) first.', { json });
  }
  const findings = [
    ...(slack === null ? [] : await examineSlack(config, slack)),
    ...(teams === null ? [] : await examineTeams(config, teams)),
    ...(await examineMail(mail)),
    ...(await examineRotas(config)),
    ...(await sealedCodes()),
  ];
  if (json) printJson(io, findings);
  else for (const { state, about, text } of findings) io.stdout(`${SIGNS[state]}${about}: ${text}\n`);
  const problems = findings.filter(({ state }) => state === 'problem').length;
  if (problems > 0) throw new CliFailure(1, 'problems', `${problems} problem(s) above: mend them and run it again.`);
}

/** The chats were looked at already: a database that is not there is one more thing to tell. */
async function sealedCodes(): Promise<readonly Finding<'break-glass'>[]> {
  const parts = await openConfigured().catch(() => null);
  if (parts === null) return [problem('break-glass', 'The database cannot be opened, so the sealed codes were not looked at: check DATABASE_URL.')];
  try {
    return await examineBreakGlass(parts);
  } finally {
    await parts.close();
  }
}
