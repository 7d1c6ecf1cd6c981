// What is said to somebody whose request ran out of time: when there will be people again, and where the desk is.
import { z } from 'zod';
import { nextOpening, openAt, siteOf } from './hours.js';
import { type Policy, rotaOf } from './policy.js';
import type { Requirement } from './requirement.js';
import { nextShift, onCallAt } from './rota.js';
import { allSources } from './stages.js';

/** Times in ms since 1970. */
export const lastWordSchema = z.object({
  /** Nobody is on call before. */
  onCallFrom: z.int().exactOptional(),
  /** The site is closed before. */
  opensAt: z.int().exactOptional(),
  /** Where somebody can go or call, as the policy has it. */
  desk: z.string().exactOptional(),
});
export type LastWord = z.infer<typeof lastWordSchema>;

/** What the policy knows of it at this instant, for somebody of this site; null where it knows nothing. */
export function lastWordFor(policy: Policy, { stages }: Pick<Requirement, 'stages'>, site: string | null, at: number): LastWord | null {
  const rotas = stages.flatMap((stage) => allSources(stage).flatMap((source) => rotaOf(source) ?? []));
  const isOnCall = rotas.some((name) => onCallAt(policy, name, at).length > 0);
  const next = isOnCall ? [] : rotas.flatMap((name) => nextShift(policy, name, at) ?? []);
  const opensAt = openAt(policy, site, at) ? null : nextOpening(policy, site, at);
  const desk = siteOf(policy.sites, site)?.desk;
  const word: LastWord = {
    ...(next.length === 0 ? {} : { onCallFrom: Math.min(...next) }),
    ...(opensAt === null ? {} : { opensAt }),
    ...(desk === undefined ? {} : { desk }),
  };
  return Object.keys(word).length === 0 ? null : word;
}
