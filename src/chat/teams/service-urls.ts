// Which Bot Connectors we speak to: whoever names another one would be handed our token and what we post.
import { MICROSOFT } from './settings.js';

/** Teams' own hosts, the public one and GCC's (learn.microsoft.com, "Send proactive messages"); GCC High and DoD sign otherwise. */
const HOSTS = new Set(['smba.trafficmanager.net', 'smba.infra.gcc.teams.microsoft.com']);

/** Tells whether an address is one of Teams, or the one that the settings name. */
export function serviceUrlCheck(configured: string): (serviceUrl: string) => boolean {
  const own = configured === MICROSOFT.serviceUrl ? null : new URL(configured).origin;
  return (serviceUrl) => {
    if (!URL.canParse(serviceUrl)) return false;
    const { protocol, hostname, port, username, password, origin } = new URL(serviceUrl);
    if (username !== '' || password !== '') return false;
    return origin === own || (protocol === 'https:' && port === '' && HOSTS.has(hostname));
  };
}
