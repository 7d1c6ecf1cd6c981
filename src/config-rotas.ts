// The part of the environment that is about on-call rotas which are kept elsewhere.
import { isLoopback } from './lib/loopback.js';

export const ROTA_VARIABLES = [
  { name: 'COUNTERSIGN_PAGERDUTY_TOKEN', about: 'A read-only REST API key of PagerDuty, for rotas of the policy that name a PagerDuty schedule.', unset: 'such rotas name nobody' },
  { name: 'COUNTERSIGN_PAGERDUTY_URL', about: 'The address of its REST API, in the EU region https://api.eu.pagerduty.com.', unset: 'https://api.pagerduty.com' },
  { name: 'COUNTERSIGN_OPSGENIE_KEY', about: 'An API key of Opsgenie that may read, for rotas of the policy that name an Opsgenie schedule.', unset: 'such rotas name nobody' },
  { name: 'COUNTERSIGN_OPSGENIE_URL', about: 'The address of its API, in the EU https://api.eu.opsgenie.com.', unset: 'https://api.opsgenie.com' },
] as const;

type RotaVariable = (typeof ROTA_VARIABLES)[number]['name'];

/** Where a rota is asked for, and the key that this takes; never logged. */
export interface RotaService {
  readonly url: string;
  readonly key: string;
}

export interface RotasConfig {
  /** Null where no key is set. */
  readonly pagerDuty: RotaService | null;
  readonly opsgenie: RotaService | null;
}

export function readRotas(value: (name: RotaVariable) => string | null, problems: string[]): RotasConfig {
  const serviceOf = (keyName: RotaVariable, urlName: RotaVariable, usual: string): RotaService | null => {
    const [key, url] = [value(keyName), value(urlName) ?? usual];
    if (!isSafe(url)) problems.push(`${urlName} is "${url}": give an address such as ${usual}; the key is sent there, so it has to be https.`);
    // A header holds these characters and no others.
    if (key !== null && !/^[\x21-\x7e]+$/.test(key)) problems.push(`${keyName} is no key: copy it again, without blanks.`);
    return key === null ? null : { url: url.replace(/\/+$/, ''), key };
  };
  return {
    pagerDuty: serviceOf('COUNTERSIGN_PAGERDUTY_TOKEN', 'COUNTERSIGN_PAGERDUTY_URL', 'https://api.pagerduty.com'),
    opsgenie: serviceOf('COUNTERSIGN_OPSGENIE_KEY', 'COUNTERSIGN_OPSGENIE_URL', 'https://api.opsgenie.com'),
  };
}

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
