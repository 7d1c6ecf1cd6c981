// Asks PagerDuty and Opsgenie who is on call in a schedule: one question each, over HTTPS, with a time-out.
import { z } from 'zod';
import type { ScheduleName, ScheduleService } from '../approval/schedules.js';
import type { RotasConfig, RotaService } from '../config-rotas.js';
import { MINUTE_MS, SECOND_MS } from '../lib/clock.js';

const ANSWER_MS = 8 * SECOND_MS;
/** Far more than the people of a schedule come to. */
const LONGEST_ANSWER_BYTES = 1024 * 1024;
const MOST_PEOPLE = 500;

/** Why a schedule could not be asked for, in a sentence for an operator. It never holds a key. */
export class ScheduleFault extends Error {
  override readonly name = 'ScheduleFault';
}

/** How one service is asked and what it answers. */
interface Dialect {
  readonly setting: string;
  readonly address: (id: string, at: Date) => string;
  readonly headers: (key: string) => Readonly<Record<string, string>>;
  /** E-mail addresses; throws a ZodError. */
  readonly read: (answer: unknown) => readonly string[];
}

const pagerDutyAnswer = z.object({ users: z.array(z.object({ email: z.string() })).max(MOST_PEOPLE) });
const opsgenieAnswer = z.object({ data: z.object({ onCallRecipients: z.array(z.string()).max(MOST_PEOPLE) }) });

const DIALECTS: Readonly<Record<ScheduleService, Dialect>> = {
  // GET /schedules/{id}/users: all who are on call in a span of time, with their e-mail addresses (REST API v2).
  pagerDuty: {
    setting: 'COUNTERSIGN_PAGERDUTY_TOKEN',
    address: (id, at) => `/schedules/${id}/users?since=${iso(at)}&until=${iso(new Date(at.getTime() + MINUTE_MS))}`,
    headers: (key) => ({ authorization: `Token token=${key}`, accept: 'application/vnd.pagerduty+json;version=2' }),
    read: (answer) => pagerDutyAnswer.parse(answer).users.map(({ email }) => email),
  },
  // GET /v2/schedules/{id}/on-calls with flat=true: the user names of all who are on call, which are e-mail addresses.
  opsgenie: {
    setting: 'COUNTERSIGN_OPSGENIE_KEY',
    address: (id, at) => `/v2/schedules/${id}/on-calls?scheduleIdentifierType=id&flat=true&date=${iso(at)}`,
    headers: (key) => ({ authorization: `GenieKey ${key}`, accept: 'application/json' }),
    read: (answer) => opsgenieAnswer.parse(answer).data.onCallRecipients,
  },
};

/** The e-mail addresses of whoever is on call there at this moment. Throws a ScheduleFault. */
export async function askWhoIsOnCall(config: RotasConfig, { service, id }: ScheduleName, at: Date): Promise<readonly string[]> {
  const { setting, address, headers, read } = DIALECTS[service];
  const account = config[service];
  if (account === null) throw new ScheduleFault(`the policy names a schedule of ${service}, and ${setting} is not set`);
  const { status, body } = await get(account, address(id, at), headers(account.key));
  if (status === 401 || status === 403) throw new ScheduleFault(`${service} does not accept the key, or not for the schedule ${id}: check ${setting}`);
  if (status === 404) throw new ScheduleFault(`${service} has no schedule ${id}: correct its id in the policy`);
  if (status !== 200) throw new ScheduleFault(`${service} answered ${status} for the schedule ${id}`);
  try {
    return read(JSON.parse(body));
  } catch {
    throw new ScheduleFault(`${service} gave an answer about the schedule ${id} that is none of its API`);
  }
}

// Without a cause: fetch keeps the request, and with it the key, in some of its errors.
async function get({ url }: RotaService, address: string, headers: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly body: string }> {
  try {
    // A redirect would carry the key to another server.
    const answer = await fetch(`${url}${address}`, { headers, redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
    return { status: answer.status, body: await textOf(answer) };
  } catch {
    throw new ScheduleFault(`${new URL(url).host} gave no answer`);
  }
}

/** Throws where there is too much of it: nobody is made to keep what never ends. */
async function textOf({ body }: Awaited<ReturnType<typeof fetch>>): Promise<string> {
  const chunks: Uint8Array[] = [];
  const stream: AsyncIterable<Uint8Array> | null = body;
  let bytes = 0;
  for await (const chunk of stream ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LONGEST_ANSWER_BYTES) throw new RangeError('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** UTC to the second, ready for an address. */
function iso(at: Date): string {
  return encodeURIComponent(`${at.toISOString().slice(0, 19)}Z`);
}
