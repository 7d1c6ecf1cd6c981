// LISTEN on a connection of its own: told at once when another process (or this one) has committed a notice.
import pg from 'pg';
import { SECOND_MS } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

const RECONNECT_MS = 2 * SECOND_MS;

export interface Listening {
  close(): Promise<void>;
}

/** Calls `onNotify` for each NOTIFY on the channel, and once after every reconnection, for what was missed meanwhile. */
export async function listen(url: string, channel: string, onNotify: () => void, log: Log): Promise<Listening> {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({ connectionString: url });
    fresh.on('notification', onNotify);
    fresh.on('error', again);
    fresh.on('end', again);
    await fresh.connect();
    await fresh.query(`LISTEN ${fresh.escapeIdentifier(channel)}`);
    return fresh;
  }

  function again(): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      connect().then(
        (fresh) => {
          client = fresh;
          onNotify();
        },
        (error: unknown) => {
          log.warn({ err: error }, 'no connection for notices; trying again');
          again();
        },
      );
    }, RECONNECT_MS).unref();
  }

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client.end();
    },
  };
}
