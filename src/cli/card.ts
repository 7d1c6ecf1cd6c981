// `countersign card …`: one card's standing, what is known of each kind of card, and a response worked out offline to test one.
import type { Command } from 'commander';
import { parseChallenge } from '../card/challenge.js';
import type { ParsedChallenge } from '../card/challenge.js';
import { BLOCK_BYTES } from '../card/cipher.js';
import { parseKeyHex } from '../card/key.js';
import { looksRandom } from '../card/looks-random.js';
import { parseProfiles } from '../card/profile-file.js';
import type { CardProfile } from '../card/profile.js';
import { BUILT_IN_PROFILES, withOwnProfiles } from '../card/profiles.js';
import type { CardProfiles } from '../card/profiles.js';
import { computeResponse } from '../card/response.js';
import { toHex, wipe } from '../lib/bytes.js';
import { isRefused, refuse } from '../lib/refusal.js';
import type { Refused } from '../lib/refusal.js';
import { withPlace } from '../lib/yaml-file.js';
import { cardStandingCommands } from './card-standing.js';
import { CliFailure, printJson } from './io.js';
import type { Io } from './io.js';
import { profilesAsMarkdown, profilesAsText } from './profile-list.js';
import { cardSentence, repairSentence } from './sentences.js';
import type { CardRefusal } from './sentences.js';

const PROFILES_FILE_OPTION = ['--profiles-file <file>', 'YAML file with card profiles of your own'] as const;

/** Adds `card profiles` and `card respond`, which need no database, server or configuration, and what changes one card. */
export function cardCommands(program: Command, io: Io): void {
  const card = program.command('card').description('one smart card: hand it out, take it back, freeze or release it; kinds of cards, and responses for testing one');
  card
    .command('profiles')
    .description('list the kinds of cards, and whether their unblocking is confirmed')
    .option(...PROFILES_FILE_OPTION)
    .option('--json', 'print JSON')
    .option('--markdown', 'print docs/cards.md')
    .action((options: ListOptions) => listProfiles(options, io));
  card
    .command('respond')
    .description("work out a card's response to a challenge, to test the card")
    .argument('<challenge...>', 'the challenge, in one word or several; put -- before it if it begins with a dash')
    .requiredOption('--profile <id>', 'the kind of card; see `card profiles`')
    .requiredOption('--key-file <file>', "file with the card's admin key in hex; - reads it from standard input")
    .option(...PROFILES_FILE_OPTION)
    .option('--json', 'print JSON')
    .action((words: string[], options: RespondOptions) => respond(words.join(' '), options, io));
  cardStandingCommands(card, io);
}

interface CommonOptions {
  readonly profilesFile?: string;
  readonly json?: true;
}

interface ListOptions extends CommonOptions {
  readonly markdown?: true;
}

interface RespondOptions extends CommonOptions {
  readonly profile: string;
  readonly keyFile: string;
}

async function respond(typed: string, options: RespondOptions, io: Io): Promise<void> {
  const json = options.json === true;
  const profile = (await readProfiles(options, io)).find(options.profile);
  if (profile === null) {
    throw new CliFailure(2, 'profile-unknown', 'There is no such profile: `card profiles` lists them.', { json });
  }
  const challenge = readChallenge(typed, profile);
  if (isRefused(challenge)) throw refusedCard(challenge, json);
  const key = await readKey(options.keyFile, profile, io);
  if (isRefused(key)) throw refusedCard(key, json);
  try {
    tellResponse({ profile, challenge, key, json }, io);
  } finally {
    wipe(key);
  }
}

function readChallenge(typed: string, profile: CardProfile): ParsedChallenge | Refused<CardRefusal> {
  if (profile.cipher === null) return refuse('profile-has-no-cipher');
  const challenge = parseChallenge(typed, profile.challengeBytes);
  if (isRefused(challenge)) return challenge;
  return looksRandom(challenge.bytes, BLOCK_BYTES[profile.cipher]) ? challenge : refuse('challenge-not-random');
}

async function readKey(file: string, profile: CardProfile, io: Io): Promise<Uint8Array | Refused<CardRefusal>> {
  try {
    return parseKeyHex(file === '-' ? await io.readStdin() : await io.readFile(file), profile);
  } catch {
    // The path is not told: whoever mistook the option may have typed the key itself there.
    return refuse('key-file-unreadable');
  }
}

function refusedCard(refusal: Refused<CardRefusal>, json: boolean): CliFailure {
  return new CliFailure(1, refusal.refused, cardSentence(refusal), { json });
}

interface Exchange {
  readonly profile: CardProfile;
  readonly challenge: ParsedChallenge;
  readonly key: Uint8Array;
  readonly json: boolean;
}

const BY_PUK_ONLY = 'This response alone does not reset the PIN: cards of this profile are unblocked with their PUK.';

function tellResponse({ profile, challenge, key, json }: Exchange, io: Io): void {
  const response = computeResponse(profile, key, challenge.bytes);
  const { groups, plain } = response.reveal();
  response.wipe();
  const { bytes, repaired } = challenge;
  if (json) {
    printJson(io, { challenge: toHex(bytes), response: plain, repaired });
    return;
  }
  if (repaired.length > 0) io.stderr(`${repairSentence(repaired, challenge.groups)}\n`);
  if (profile.puk !== null) io.stderr(`${BY_PUK_ONLY}\n`);
  io.stdout(`${groups}\n`);
}

async function listProfiles(options: ListOptions, io: Io): Promise<void> {
  const { all } = await readProfiles(options, io);
  if (options.json === true) printJson(io, all);
  else io.stdout(options.markdown === true ? profilesAsMarkdown(all) : profilesAsText(all));
}

/** The built-in profiles and those of `--profiles-file`, if it is given. */
async function readProfiles({ profilesFile, json }: CommonOptions, io: Io): Promise<CardProfiles> {
  if (profilesFile === undefined) return BUILT_IN_PROFILES;
  const fail = (code: string, sentence: string) => new CliFailure(1, code, sentence, { json: json === true });
  const text = await io.readFile(profilesFile).catch(() => {
    throw fail('profiles-file-unreadable', `${profilesFile} cannot be read: check its path and who may read it.`);
  });
  const file = parseProfiles(text);
  if ('profiles' in file) return withOwnProfiles(file.profiles);
  const problems = file.problems.map((problem) => `${profilesFile}:${withPlace(problem)}`);
  throw fail('profiles-file-wrong', problems.join('\n'));
}
