// A whole installation for a test: a database of its own, real keys, a clock that the test sets, and a platform that records.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import { policyHash } from '../../src/approval/policy.js';
import { openParts, type Parts } from '../../src/app/parts.js';
import { type Service, startService } from '../../src/app/service.js';
import { readCardFile } from '../../src/card/card-file.js';
import type { ChatEvent, Reply } from '../../src/chat/event.js';
import type { Form, Message } from '../../src/chat/message.js';
import type { ChatPlatform, Recipient } from '../../src/chat/platform.js';
import { readConfig } from '../../src/config.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { toHex } from '../../src/lib/bytes.js';
import { type Log, silentLog } from '../../src/lib/log.js';
import { newId } from '../../src/lib/ids.js';
import { currentCode, newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import { type InstallationKind, markInstallation } from '../../src/store/installation.js';
import { randomBytes } from 'node:crypto';
import { freshDatabase } from './database.js';

export const PEOPLE_CSV = `id,name,e-mail,manager,groups,site,locale
emma,Emma Novak,emma@example.com,dana@example.com,,,
liam,Liam Okafor,liam@example.com,dana@example.com,,,
dana,Dana Weber,dana@example.com,,,,
sam,Sam Ortiz,sam@example.com,,helpdesk,,
priya,Priya Raman,priya@example.com,,helpdesk,,
eve,Eve Stranger,eve@example.com,,,,
`;

/** Random admin keys, one a card, as upper-case hex. */
export const KEYS = { emma: toHex(randomBytes(24)), liam: toHex(randomBytes(24)), dana: toHex(randomBytes(24)) };

const CARDS_CSV = `serial,label,profile,holder,key,kcv
CARD-EMMA,Emma's card,gids,emma@example.com,${KEYS.emma},
CARD-LIAM,Liam's card,gids,liam@example.com,${KEYS.liam},
CARD-DANA,Dana's card,gids,dana@example.com,${KEYS.dana},
`;

/** A platform that keeps what was posted, by person or channel. */
export class RecordingPlatform implements ChatPlatform {
  readonly name = 'playground';
  readonly posts = new Map<string, { address: string; message: Message; updates: number }>();
  /** Set to make every post and update fail. */
  down = false;

  addressOf(recipient: Recipient): Promise<string | null> {
    return Promise.resolve(recipient.kind === 'account' ? `person:${recipient.userId}` : `channel:${recipient.channel}`);
  }

  post(address: string, message: Message): Promise<string> {
    if (this.down) return Promise.reject(new Error('down'));
    const id = newId();
    this.posts.set(id, { address, message, updates: 0 });
    return Promise.resolve(id);
  }

  update(_address: string, messageId: string, message: Message): Promise<'updated' | 'gone'> {
    if (this.down) return Promise.reject(new Error('down'));
    const posted = this.posts.get(messageId);
    if (posted === undefined) return Promise.resolve('gone');
    posted.message = message;
    posted.updates += 1;
    return Promise.resolve('updated');
  }

  at(address: string): readonly Message[] {
    return [...this.posts.values()].filter((posted) => posted.address === address).map(({ message }) => message);
  }

  latest(address: string): Message {
    const message = this.at(address).at(-1);
    if (message === undefined) throw new Error(`nothing was posted to ${address}`);
    return message;
  }
}

export class TestClock {
  #at: number;

  constructor(start = Date.UTC(2026, 5, 1, 9, 0, 0)) {
    this.#at = start;
  }

  readonly now = (): Date => new Date(this.#at);

  forward(ms: number): void {
    this.#at += ms;
  }
}

export interface WorldOptions {
  readonly policyText?: string;
  readonly log?: Log;
  /** Where notices go beside the platform that records. */
  readonly sinks?: readonly ChatPlatform[];
  /** Use this database instead of a fresh one (a second process on the same data). */
  readonly beside?: World;
}

export interface World {
  readonly parts: Parts;
  readonly service: Service;
  readonly platform: RecordingPlatform;
  readonly clock: TestClock;
  readonly seeds: Map<string, Uint8Array>;
  readonly folder: string;
  readonly url: string;
  /** The one-time code that this person's authenticator shows now. */
  code(personId: string): string;
  say(personId: string, text: string): Promise<Reply>;
  press(personId: string, action: Extract<ChatEvent, { kind: 'pressed' }>['action'], target?: string): Promise<Reply>;
  submit(personId: string, form: Form, inputs: Record<string, string>): Promise<Reply>;
  /** All that is due: deadlines, notices, the audit. */
  beat(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { beside, policyText = DEFAULT_POLICY_TEXT, log = silentLog, sinks = [] } = options;
  const database = beside === undefined ? await freshDatabase() : { url: beside.url, drop: () => Promise.resolve() };
  const folder = beside?.folder ?? (await mkdtemp(join(tmpdir(), 'countersign-test-')));
  const clock = beside?.clock ?? new TestClock();
  const config = readConfig({ DATABASE_URL: database.url, COUNTERSIGN_DATA: folder, COUNTERSIGN_TIME_ZONE: 'UTC' });
  const parts = await openParts(config, { clock: clock.now, log });
  const seeds = beside?.seeds ?? new Map<string, Uint8Array>();
  if (beside === undefined) await fill(parts, seeds);
  const parsed = parsePolicy(policyText);
  if (!('policy' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  const platform = new RecordingPlatform();
  await parts.sequencer.sequence();
  const loaded = { policy: parsed.policy, hash: policyHash(policyText) };
  const service = await startService(parts, () => loaded, { platforms: [platform, ...sinks], newcomers: null });
  const send = (event: ChatEvent) => service.conversation(event);
  const from = (userId: string) => ({ platform: 'playground' as const, tenant: 'local', userId });
  return {
    parts,
    service,
    platform,
    clock,
    seeds,
    folder,
    url: database.url,
    code: (personId) => {
      const seed = seeds.get(personId);
      if (seed === undefined) throw new Error(`${personId} has no authenticator`);
      return currentCode(seed, clock.now());
    },
    say: (personId, text) => send({ kind: 'said', from: from(personId), deliveryId: newId(), text }),
    press: (personId, action, target = '') => send({ kind: 'pressed', from: from(personId), deliveryId: newId(), action, target }),
    submit: (personId, form, inputs) =>
      send({ kind: 'submitted', from: from(personId), deliveryId: newId(), form: form.name, formId: form.formId, target: form.target, inputs }),
    beat: () => service.beat(),
    async close() {
      await service.stop();
      await parts.close();
      await database.drop();
      if (beside === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function fill(parts: Parts, seeds: Map<string, Uint8Array>): Promise<void> {
  return fillInstallation(parts, seeds, { kind: 'playground', account: ({ id }) => ({ platform: 'playground', tenant: 'local', userId: id }) });
}

/** People, cards and authenticators; `account` makes the chat account of a person, null for none. */
export async function fillInstallation(
  parts: Parts,
  seeds: Map<string, Uint8Array>,
  { kind, account }: { readonly kind: InstallationKind; readonly account: Parameters<Parts['people']['import']>[1] },
): Promise<void> {
  await markInstallation(parts.database, kind, { at: parts.clock(), rowMac: parts.rowMac });
  const people = readPeopleFile(PEOPLE_CSV);
  const imported = await parts.people.import(people.people, account);
  if ('problems' in imported) throw new Error(JSON.stringify(imported.problems));
  const cards = readCardFile(CARDS_CSV, { allowDefaultKeys: false });
  const problems = [...cards.problems, ...(await parts.cards.import(cards.cards))];
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  for (const { id } of people.people) await enrol(parts, seeds, id);
}

async function enrol(parts: Parts, seeds: Map<string, Uint8Array>, personId: string): Promise<void> {
  const seed = newSeed();
  seeds.set(personId, seed);
  const content = { authenticatorId: newId(), personId, algorithm: TOTP_ALGORITHM };
  const sealed = await parts.vault.sealSeed(content, seed);
  const createdAt = new Date(parts.clock().getTime() - 90 * 86_400_000);
  await parts.authenticators.addSample({ id: content.authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt }, parts.clock());
}

/** The form in a reply; fails the test with what came instead. */
export function formIn(reply: Reply): Form {
  if (reply.kind !== 'form') throw new Error(`no form came: ${JSON.stringify(reply)}`);
  return reply.form;
}
