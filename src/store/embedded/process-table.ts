// Which processes are alive, and whether a number that was written down still means the same process.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isErrno } from '../../lib/errno.js';

const STATE_FIELD = 0; // of /proc/<pid>/stat after the command's name, see proc(5)
const START_FIELD = 19;

/** Whether a process of this number exists and still runs. A zombie (ended, not yet reaped) does not. */
export async function isRunning(pid: number): Promise<boolean> {
  return exists(pid) && (await statFields(pid))?.[STATE_FIELD] !== 'Z';
}

/** Whether a process of this number exists, be it a zombie. Where nobody reaps, as in many containers, those stay. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, 'EPERM'); // somebody else's
  }
}

/** When the process started, in clock ticks since boot, or null where there is no /proc. */
export async function startTime(pid: number): Promise<string | null> {
  return (await statFields(pid))?.[START_FIELD] ?? null;
}

/** The process's command line with blanks between its words, or null where it cannot be known. */
export async function commandLine(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    if (process.platform === 'win32') return null;
    return (await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', `${pid}`])).stdout.trim();
  } catch {
    return null;
  }
}

async function statFields(pid: number): Promise<string[] | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold blanks and brackets
  } catch {
    return null;
  }
}
