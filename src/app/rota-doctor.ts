// What `countersign doctor` looks at in on-call rotas that are kept elsewhere: each schedule is asked for once.
import { type ScheduleName, schedulesOf } from '../approval/schedules.js';
import { type Finding, ok, problem } from '../chat/finding.js';
import type { Config } from '../config.js';
import { type Clock, systemClock } from '../lib/clock.js';
import { askWhoIsOnCall, ScheduleFault } from './on-call-services.js';
import { loadPolicy } from './parts.js';
import { StartProblem } from './problem.js';

export async function examineRotas(config: Pick<Config, 'policyFile' | 'rotas'>, clock: Clock = systemClock): Promise<readonly Finding<'rotas'>[]> {
  try {
    const { policy } = await loadPolicy(config);
    const named = policy.rotas.flatMap((rota) => schedulesOf(rota).map((schedule) => ({ rota: rota.name, schedule })));
    return await Promise.all(named.map(({ rota, schedule }) => examine(rota, schedule, { config, clock })));
  } catch (error) {
    if (error instanceof StartProblem) return [problem('rotas', 'The policy cannot be read: run `countersign policy check`.')];
    throw error;
  }
}

async function examine(rota: string, schedule: ScheduleName, { config, clock }: { readonly config: Pick<Config, 'rotas'>; readonly clock: Clock }): Promise<Finding<'rotas'>> {
  try {
    const { length } = await askWhoIsOnCall(config.rotas, schedule, clock());
    return ok('rotas', `Rota "${rota}": ${schedule.service} answers, and ${length} are on call now.`);
  } catch (fault) {
    if (fault instanceof ScheduleFault) return problem('rotas', `Rota "${rota}" names nobody: ${fault.message}.`);
    throw fault;
  }
}
