// Finds the server that runs on a cluster, by the file postmaster.pid that PostgreSQL keeps there.
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedError } from './embedded-error.js';
import { commandLine, exists, isRunning } from './process-table.js';
const POLL_MS = 20;
/** Recovery after a crash of the whole machine may take minutes. */
const PATIENCE_MS = 180_000;
/** The server that runs on this cluster and is ready, or null when none runs. Waits for one that is starting or stopping. */
export async function settledPostmaster(cluster) {
    for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
        const postmaster = await findPostmaster(cluster);
        if (postmaster === null || postmaster.status === 'ready')
            return postmaster;
        if (postmaster.status === 'stopping')
            hurry(postmaster);
        await sleep(POLL_MS);
    }
    throw new EmbeddedError('start-failed', 'The embedded PostgreSQL neither gets ready nor stops. See its log.');
}
/** A shutdown that waits for every session to end would wait for those that wait for us. */
function hurry({ pid }) {
    if (process.platform !== 'win32' && exists(pid))
        process.kill(pid, 'SIGINT');
}
/** The running server of this cluster. The number in postmaster.pid alone proves nothing: it may be another's by now. */
export async function findPostmaster(cluster) {
    const noted = await readPidFile(cluster);
    if (noted === null || !(await isRunning(noted.pid)))
        return null;
    return (await runsOn(noted.pid, cluster)) === false ? null : noted;
}
/**
 * Removes postmaster.pid when it names a stranger or a zombie: PostgreSQL would refuse to start, because it only asks
 * whether such a process exists. It still notices by itself, in shared memory, when sessions of a dead server live on.
 */
export async function removeForeignPid(cluster) {
    const noted = await readPidFile(cluster);
    if (noted === null || !exists(noted.pid))
        return;
    const foreign = !(await isRunning(noted.pid)) || (await runsOn(noted.pid, cluster)) === false;
    if (foreign)
        await rm(join(cluster, 'postmaster.pid'), { force: true });
}
/** Whether that process is a server on this cluster: by its working folder, else its command line; null when unknowable. */
async function runsOn(pid, cluster) {
    try {
        const [working, wanted] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster)]);
        return working.dev === wanted.dev && working.ino === wanted.ino;
    }
    catch {
        const line = await commandLine(pid);
        return line === null ? null : line.endsWith(`-D ${cluster}`);
    }
}
/** Lines 1, 4 and 8 of postmaster.pid (PostgreSQL's miscadmin.h): process, port, status. */
async function readPidFile(cluster) {
    const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = text.split('\n');
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0)
        return null;
    return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}
