// Part two: from the start of the process until it is ready, and how much memory it holds then.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeFolder } from './server.js';
import { type Line, median } from './table.js';

/** The build that is shipped: `npm run build` comes first. */
const OURS = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const FLOOR = fileURLToPath(new URL('floors/start.js', import.meta.url));
const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = 3;
const POLL_MS = 5;

interface Started {
  readonly ms: number;
  /** Resident memory of the Node process alone (megabytes), NaN where the system does not tell. */
  readonly residentMb: number;
}

interface Starts {
  readonly fresh: Started[];
  readonly again: Started[];
}

export async function benchStart(): Promise<readonly Line[]> {
  const ours: Starts = { fresh: [], again: [] };
  const floor: Starts = { fresh: [], again: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    await startTwice(OURS, ours);
    await startTwice(FLOOR, floor);
  }
  const line = (what: string, unit: string, of: (starts: Starts) => readonly number[]): Line => {
    return { what, unit, ours: median(of(ours)), floor: median(of(floor)), better: 'less' };
  };
  return [
    line('start on a new data folder', 'ms', ({ fresh }) => fresh.map(({ ms }) => ms)),
    line('start on the same folder again', 'ms', ({ again }) => again.map(({ ms }) => ms)),
    line('resident memory when ready', 'MB', ({ again }) => again.map(({ residentMb }) => residentMb)),
  ];
}

async function startTwice(program: string, starts: Starts): Promise<void> {
  const folder = await makeFolder();
  try {
    starts.fresh.push(await startOnce(program, join(folder, 'data')));
    starts.again.push(await startOnce(program, join(folder, 'data')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts the program, waits until it is ready, and stops it. */
async function startOnce(program: string, dataFolder: string): Promise<Started> {
  const begin = performance.now();
  const child = spawn(process.execPath, [program], {
    cwd: PACKAGE_FOLDER,
    env: { COUNTERSIGN_DATA: dataFolder, PORT: '0', COUNTERSIGN_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await becomeReady(await firstAddress(child));
    return { ms: performance.now() - begin, residentMb: await residentMb(child.pid) };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

/** The address in the line that the program prints when it listens. */
async function firstAddress(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/[^/\s]+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error('the program ended before it was ready; is dist built?');
}

async function becomeReady(address: string): Promise<void> {
  while ((await fetch(`${address}/ready`)).status !== 200) await sleep(POLL_MS);
}

async function residentMb(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) / 1_024;
}
