// The unblock service on top of the opened parts: desk, conversation, courier and what happens by itself.
import { z } from 'zod';
import { timeZoneOf } from '../approval/hours.js';
import { converse } from '../chat/conversation.js';
import { Courier } from '../chat/courier.js';
import type { ChatAccount, Conversation } from '../chat/event.js';
import type { Newcomers } from '../chat/newcomers.js';
import type { ChatPlatform, Mailbox } from '../chat/platform.js';
import type { EventNames } from '../chat/views.js';
import { type Languages, languagesWith } from '../chat/languages.js';
import type { Person } from '../directory/person.js';
import { type Clock, HOUR_MS, SECOND_MS } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { RateLimit } from '../lib/rate-limit.js';
import { alarmWrongCodes } from '../store/refused-codes.js';
import { sweepOldRows } from '../store/code-columns.js';
import { PrismaDelegations } from '../store/delegations.js';
import { tellNumbers } from '../store/numbers.js';
import { PrismaOutbox } from '../store/outbox.js';
import type { LocalAccount } from '../store/people.js';
import { listen } from '../store/wake.js';
import { NEWS_CHANNEL } from '../store/tell.js';
import type { UnblockDesk } from '../unblock/desk.js';
import type { LoadedPolicy } from '../unblock/decision.js';
import { monthBefore } from '../unblock/numbers.js';
import { DelegationDesk } from '../unblock/delegating.js';
import { openDesks } from './desks.js';
import { startHeartbeat } from './heartbeat.js';
import type { Parts } from './parts.js';
import { StandInWatch } from './stand-in-watch.js';

// A person who clicks fast stays far below; a script does not.
const CHAT_RATE = { max: 40, perMs: 20 * SECOND_MS };

export interface Service {
  readonly desk: UnblockDesk;
  readonly conversation: Conversation;
  /** All that is due now: deadlines, notices, the audit. */
  beat(): Promise<void>;
  /** Calls the listener after something was carried, or came into the audit or the directory. */
  onBeat(listener: () => void): void;
  stop(): Promise<void>;
}

/** Where chat goes out, and how strangers on it become known (null: not by themselves). */
export interface Talking {
  readonly platforms: readonly ChatPlatform[];
  readonly newcomers: Newcomers | null;
  /** What the platforms do at every beat, by name. */
  readonly chores?: Readonly<Record<string, () => Promise<unknown>>>;
}

/** `policy`: the one that this process goes by at that moment. */
export async function startService(parts: Parts, policy: () => LoadedPolicy, { platforms, newcomers, chores = {} }: Talking): Promise<Service> {
  const { database, rowMac, clock, log, sequencer, people, config } = parts;
  const languages = languagesOf(parts);
  const { desk, glass, breakGlass } = openDesks(parts, policy);
  const delegations = new PrismaDelegations({ database, rowMac });
  const standIns = new StandInWatch({ delegations, desk, clock });
  const courier = new Courier({
    outbox: new PrismaOutbox(database, newId()),
    platforms,
    accountsOf: (personId) => mailboxesOf(parts, personId),
    picture: (id, viewerId) => desk.picture(id, viewerId),
    namesFor: (params) => namesFor(parts, params),
    languages,
    clock,
    log,
  });
  const listeners: (() => void)[] = [];
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const told = (work: () => Promise<number>) => async () => {
    if ((await work()) > 0) tell();
  };
  const heart = startHeartbeat(
    {
      deadlines: () => desk.tick(),
      standIns: () => standIns.look(),
      notices: told(() => courier.deliver()),
      audit: told(() => sequencer.sequence()),
      wrongCodes: told(() => alarmWrongCodes(parts, { limit: policy().policy.limits.wrongCodesPerHour, at: clock() })),
      breakGlass: told(() => breakGlass.report(policy(), { zone: config.timeZone, at: clock() })),
      numbers: told(monthly(parts, policy)),
      sweep: everyHour(clock, () => sweepOldRows(database, clock())),
      ...chores,
    },
    log,
  );
  const ears = await listen(parts.url, NEWS_CHANNEL, () => void heart.beat().then(tell), log);
  const conversation = converse({
    desk,
    enrolment: parts.enrolment,
    glass,
    delegations: new DelegationDesk({ store: delegations, stepUp: parts.stepUp, zoneOf: ({ site }) => timeZoneOf(policy().policy.sites, site) ?? config.timeZone, clock }),
    behind: (account) => people.behind(account),
    keepLocale: (account, locale) => people.keepLocale(account, locale),
    findPerson: async (email) => activeOnly(await people.findByEmail(email)),
    burner: { stepUp: parts.stepUp, burn: (spend, at) => parts.authenticators.burn(spend, at) },
    newcomers,
    enrolmentPage: config.publicUrl.startsWith('https://') ? `${config.publicUrl}/enroll` : null,
    languages,
    limit: new RateLimit(CHAT_RATE, clock),
    clock,
    log,
  });
  log.debug({ platforms: platforms.map(({ name }) => name), issuer: config.issuer }, 'the service runs');
  return {
    desk,
    conversation,
    beat: () => heart.beat(),
    onBeat: (listener) => void listeners.push(listener),
    async stop() {
      await ears.close();
      await heart.stop();
      // What was decided last gets its place in the audit before the process leaves.
      await sequencer.sequence();
    },
  };
}

function activeOnly(person: Person | null): Person | null {
  return person?.active === true ? person : null;
}

/** Looks until the numbers of the last month were told, by this process or another one. Returns 1 then, else 0. */
function monthly(parts: Parts, policy: () => LoadedPolicy): () => Promise<number> {
  const { config, clock } = parts;
  let told: string | null = null;
  return async () => {
    const at = clock();
    if (told === monthBefore(config.timeZone, at.getTime())) return 0;
    told = await tellNumbers(parts, { policy: policy().policy, zone: config.timeZone, at });
    return told === null ? 0 : 1;
  };
}

export function everyHour(clock: Clock, work: () => Promise<void>): () => Promise<void> {
  let last = -Infinity;
  return async () => {
    const at = clock().getTime();
    if (at - last < HOUR_MS) return;
    last = at;
    await work();
  };
}

export function languagesOf({ config, clock }: Pick<Parts, 'config' | 'clock'>): Languages {
  return languagesWith(config.language, config.timeZone, () => clock().getTime());
}

async function namesFor(parts: Parts, params: Readonly<Record<string, string>>): Promise<EventNames> {
  const person = params.person === undefined ? null : await parts.people.find(params.person);
  const card = params.card === undefined ? null : await parts.cards.label(params.card);
  const other = params.other === undefined ? null : await parts.people.find(params.other);
  const times = { ...(params.from === undefined ? {} : { from: Number(params.from) }), ...(params.until === undefined ? {} : { until: Number(params.until) }) };
  const others = params.others === undefined ? null : await namesOf(parts, params.others);
  return { person: person?.name ?? params.person ?? '', card: card ?? '', other: others ?? other?.name ?? params.other ?? '', ...times };
}

/** Of several people, whose ids are a JSON text there. */
async function namesOf({ people }: Parts, ids: string): Promise<string> {
  const found = await Promise.all(z.array(z.string()).parse(JSON.parse(ids)).map(async (id) => (await people.find(id))?.name ?? id));
  return found.join(', ');
}

/** Their chat accounts, and the e-mail address that the directory has. */
async function mailboxesOf({ people }: Parts, personId: string): Promise<readonly Mailbox[]> {
  const [accounts, person] = await Promise.all([people.accountsOf(personId), people.find(personId)]);
  const locale = person?.locale ?? accounts.find((account) => account.locale !== null)?.locale ?? null;
  const mail: readonly Mailbox[] = person?.active === true ? [{ platform: 'mail', tenant: '', userId: person.email, locale }] : [];
  return [...accounts.filter(isChatAccount), ...mail];
}

const PLATFORMS = ['playground', 'slack', 'teams'];

function isChatAccount(account: LocalAccount): account is LocalAccount & ChatAccount {
  return PLATFORMS.includes(account.platform);
}

