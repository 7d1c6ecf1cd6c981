// `countersign policy replay`: what a policy file would have asked of the last requests.
import { type Command, InvalidArgumentError } from 'commander';
import type { Policy, Stage } from '../approval/policy.js';
import { parsePolicy } from '../approval/policy-file.js';
import type { Parts } from '../app/parts.js';
import { readPolicyCalendars } from '../app/policy-calendars.js';
import { DAY_MS } from '../lib/clock.js';
import { withPlace } from '../lib/yaml-file.js';
import { type PastOpening, readPastOpenings } from '../store/past-openings.js';
import { replay, type ReplayVerdict } from '../unblock/replay.js';
import { CliFailure, type Io, printJson } from './io.js';
import { unreadable } from './policy-file-unreadable.js';
import { withParts } from './with-parts.js';

const DEFAULT_LAST = 100;
const MAX_LAST = 10_000;

interface ReplayOptions {
  readonly last: number;
  readonly json?: true;
}

export function policyReplayCommand(policy: Command, io: Io): void {
  policy
    .command('replay')
    .description('tell which of the last requests a policy file would have treated in another way; nothing is changed')
    .argument('<file>', 'the policy file to try')
    .option('--last <number>', `how many requests of the audit, at most ${MAX_LAST}`, readCount, DEFAULT_LAST)
    .option('--json', 'print JSON')
    .action(async (file: string, options: ReplayOptions) => {
      const tried = await readTried(file, { io, json: options.json === true });
      await withParts((parts) => replayAll(parts, tried, { ...options, io }));
    });
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MAX_LAST) throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_LAST}.`);
  return count;
}

async function readTried(file: string, { io, json }: { readonly io: Io; readonly json: boolean }): Promise<Policy> {
  const text = await io.readFile(file).catch((cause: unknown) => {
    throw unreadable(file, { json, cause });
  });
  const read = parsePolicy(text, await readPolicyCalendars(file, text, io.readFile));
  if ('policy' in read) return read.policy;
  const problems = read.problems.map((problem) => `${file}:${withPlace(problem)}`).join('\n');
  throw new CliFailure(1, 'policy-refused', json ? `${file} is refused: see \`policy check\`.` : problems, { json });
}

interface Compared {
  readonly past: PastOpening;
  readonly now: ReplayVerdict;
}

async function replayAll(parts: Parts, policy: Policy, { last, json, io }: ReplayOptions & { readonly io: Io }): Promise<void> {
  const { openings, untold } = await readPastOpenings(parts, last);
  const compared = openings.map((past) => ({ past, now: replay(policy, asReplayed(past)) }));
  const changed = compared.filter(({ now }) => now.change !== 'none');
  if (json === true) {
    printJson(io, { replayed: openings.length, untold, changed: changed.map(asJson) });
    return;
  }
  if (openings.length + untold === 0) {
    io.stdout('There is no request in the audit to try it on.\n');
    return;
  }
  for (const one of changed) io.stdout(`${sentence(one)}\n`);
  io.stdout(`${changed.length} of ${openings.length} requests would have been treated in another way.\n`);
  if (untold > 0) io.stdout(`${untold} more could not be tried: the audit does not say enough of them.\n`);
}

function asReplayed({ at, cardSerial, stages, facts }: PastOpening) {
  const { rule, profile, cardTags, groups, site, platform, requestsInDay, requestsInWeek, requestsInMonth, authenticatorDays } = facts;
  const requestsIn = { 1: requestsInDay, 7: requestsInWeek, 30: requestsInMonth };
  const authenticatorAge = authenticatorDays === null ? null : authenticatorDays * DAY_MS;
  return { at: at.getTime(), rule, stages, looked: { profile, cardSerial, cardTags, groups, site, platform, requestsIn, authenticatorAge } };
}

function sentence({ past, now }: Compared): string {
  const which = `${past.at.toISOString()} ${past.personId} ${past.cardSerial}`;
  const before = `"${past.facts.rule}" (${inWords(past.stages)})`;
  if (now.rule === null) return `${which}: ${before} -> refused: no rule matches`;
  return `${which}: ${before} -> "${now.rule}" (${inWords(now.stages)})`;
}

function inWords(stages: readonly Stage[]): string {
  if (stages.length === 0) return 'nobody';
  return stages.map(({ count, from }) => `${count} of ${from.join(', ')}`).join(' and ');
}

function asJson({ past, now }: Compared) {
  const { requestId, at, personId, cardSerial, stages, facts } = past;
  const before = { rule: facts.rule, stages };
  return { requestId, at: at.toISOString(), personId, cardSerial, change: now.change, before, after: { rule: now.rule, stages: now.stages } };
}
