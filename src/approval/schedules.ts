// On-call schedules that are kept elsewhere (PagerDuty, Opsgenie), as they were when they were last asked for.
import { MINUTE_MS } from '../lib/clock.js';

/** Who was on call in one schedule. */
export interface Roster {
  /** Their e-mail addresses. */
  readonly people: readonly string[];
  /** When the service said so (ms since 1970). */
  readonly at: number;
}

/** By `scheduleKey`; one that was never answered for is not among them. */
export type Schedules = ReadonlyMap<string, Roster>;

export const SCHEDULE_SERVICES = ['pagerDuty', 'opsgenie'] as const;
export type ScheduleService = (typeof SCHEDULE_SERVICES)[number];

/** A schedule by its id at its service. */
export interface ScheduleName {
  readonly service: ScheduleService;
  readonly id: string;
}

/** What is older is not believed: whoever was on call then may sleep by now, or have left. */
export const ROSTER_MAX_AGE_MS = 10 * MINUTE_MS;

/** The schedules that a rota names by their ids. */
export function schedulesOf(rota: { readonly [S in ScheduleService]?: string }): readonly ScheduleName[] {
  return SCHEDULE_SERVICES.flatMap((service) => {
    const id = rota[service];
    return id === undefined ? [] : [{ service, id }];
  });
}

export function scheduleKey({ service, id }: ScheduleName): string {
  return `${service}:${id}`;
}

/** Nobody where the answer is too old for this instant (ms since 1970), or there was none: an unknown rota asks no one. */
export function rosterAt(schedules: Schedules, name: ScheduleName, at: number): readonly string[] {
  const roster = schedules.get(scheduleKey(name));
  return roster === undefined || Math.abs(at - roster.at) > ROSTER_MAX_AGE_MS ? [] : roster.people;
}
