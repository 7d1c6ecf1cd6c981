// Which Bot Connectors we speak to: whoever names another one would be handed our token and what we post.
import { MICROSOFT } from './settings.js';

/** Teams' own hosts (learn.microsoft.com, "Send proactive messages"); those of Microsoft's government clouds sign otherwise. */
const HOSTS = new Set(['smba.trafficmanager.net', 'smba.infra.teams.microsoft.com']);

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
