// What must be well before a process is given work, and what its operator should know of.
import type { Readiness } from '../http/health.js';
import { readBreaker } from '../store/breaker.js';
import { openReports } from './break-glass-doctor.js';
import type { OnCallSchedules } from './on-call-schedules.js';
import type { Parts } from './parts.js';
import type { PolicyWatch } from './policy-watch.js';

/**
 * An open breaker, a use of sealed codes that nobody acknowledged, a calendar that cannot be read and an on-call schedule
 * that cannot be asked for are told here, and leave the process ready: no other one would do better.
 */
export async function readinessOf(
  { database, rowMac, sequencer, clock }: Parts,
  watched: { readonly policy: Pick<PolicyWatch, 'trouble' | 'warning'>; readonly schedules: Pick<OnCallSchedules, 'warning'> },
): Promise<Readiness> {
  const breaker = await readBreaker(database, rowMac);
  const audit = await sequencer.health(clock());
  const policy = watched.policy.trouble();
  const checks = {
    database: null,
    audit: audit.ok ? null : audit.why,
    policy,
    breaker: breaker?.state === 'open' ? `open since ${breaker.openedAt.toISOString()}: two administrators release it with \`countersign breaker release\`` : null,
    breakGlass: await openReports({ database, rowMac }),
    calendars: watched.policy.warning(),
    onCall: watched.schedules.warning(),
  };
  return { ready: audit.ok && policy === null, checks };
}
