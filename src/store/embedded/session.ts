// A session of ours on the embedded server: it proves that the server is ours, and shows other processes that we are here.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { equalBytes, utf8 } from '../../lib/bytes.js';
import { isErrno } from '../../lib/errno.js';
import { DATABASE } from './cluster.js';
import { EmbeddedError } from './embedded-error.js';

export interface Address {
  readonly port: number;
  readonly password: string;
}

/** What only our server knows. */
export interface Proof {
  readonly token: string;
  readonly cluster: string;
}

/** By this name the processes that hold the server open know one another. */
const PRESENCE = 'countersign presence';
const POLL_MS = 50;
/** A pool that was just closed: its sessions need a moment to leave the server's list. */
const LEAVING_MS = 1_000;
const PATIENCE_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Not yet, or not at the moment: starting up, in recovery, too many sessions. SQLSTATE or the system's code. */
const TRANSIENT = ['57P03', '53300', 'ECONNREFUSED', 'ECONNRESET'];

/** The address for everyone else. It holds the password. */
export function urlOf({ port, password }: Address, database = DATABASE): string {
  return `postgresql://${DATABASE}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Opens the session that says "in use"; `onEnd` is called when it ends, whoever ended it. Throws an EmbeddedError when
 * whoever answers is not the server that we configured for this cluster.
 */
export async function openPresence(address: Address, proof: Proof, onEnd: () => void): Promise<pg.Client> {
  const client = await connectPatiently(address);
  try {
    const { rows } = await client.query<{ token: string | null; cluster: string | null }>(
      `SELECT current_setting('countersign.token', true) AS token, current_setting('data_directory', true) AS cluster`,
    );
    const [found] = rows;
    const ours = found?.cluster === proof.cluster && equalBytes(utf8(found.token ?? ''), utf8(proof.token));
    if (!ours) throw stranger(address);
    client.once('end', onEnd);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Whether no session but this one is open, of any program. */
export async function isLast(presence: pg.Client): Promise<boolean> {
  for (let waited = 0; ; waited += POLL_MS) {
    const { rows } = await presence.query<{ application_name: string }>(
      `SELECT application_name FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    if (rows.length === 0) return true;
    if (waited >= LEAVING_MS || rows.some((row) => row.application_name === PRESENCE)) return false;
    await sleep(POLL_MS);
  }
}

async function connectPatiently(address: Address): Promise<pg.Client> {
  for (let waited = 0; ; waited += POLL_MS) {
    const client = new pg.Client({
      connectionString: urlOf(address, 'postgres'), // so that the other one can be restored or copied meanwhile
      application_name: PRESENCE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', () => undefined); // without a listener a lost connection would end the process
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const transient = TRANSIENT.some((code) => isErrno(error, code));
      if (waited >= PATIENCE_MS || !transient) throw stranger(address, error);
    }
    await sleep(POLL_MS);
  }
}

function stranger({ port }: Address, cause?: unknown): EmbeddedError {
  return new EmbeddedError(
    'start-failed',
    `What answers on 127.0.0.1:${port} is not this data folder's PostgreSQL, or does not let us in. End it, then start again.`,
    cause,
  );
}
