// PostgreSQL refuses to run as root, so root runs it as another user.
import { execFile } from 'node:child_process';
import { chown, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
export const ROOT = 0;
const OUR_USER = 'countersign';
const POSIX_ENV = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
/**
 * Who is to run a new cluster: for root the data folder's owner or, where that is root, the user `postgres`, else a
 * system user `countersign` (made if need be), else `nobody`; for everyone else nobody but themselves.
 */
export async function chooseRunAs(dataFolder) {
    if (!isRoot())
        return null;
    const { uid, gid } = await stat(dataFolder);
    if (uid !== ROOT)
        return { uid, gid };
    const user = (await lookUp('postgres')) ?? (await lookUp(OUR_USER));
    if (user !== null)
        return user;
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', OUR_USER], null);
    return (await lookUp(OUR_USER)) ?? (await lookUp('nobody'));
}
export function isRoot() {
    return process.getuid?.() === ROOT;
}
/** Runs a program to its end as that user, with an environment that carries nothing of ours. Never throws. */
export async function run(program, words, user, input = '') {
    const options = { ...spawnOptions(user), windowsHide: true };
    return new Promise((resolve) => {
        const child = execFile(program, words, options, (error, stdout, stderr) => resolve({ ok: error === null, output: `${stdout.toString()}${stderr.toString()}`.trim() || (error?.message ?? '') }));
        child.stdin?.on('error', () => undefined); // it may end without reading
        child.stdin?.end(input);
    });
}
/** How to spawn PostgreSQL's programs: a folder that everyone may enter, and none of our environment's secrets. */
export function spawnOptions(user) {
    const place = { cwd: parse(process.execPath).root, env: process.platform === 'win32' ? {} : POSIX_ENV };
    return user === null ? place : { ...place, uid: user.uid, gid: user.gid };
}
/** Whether that user reaches things inside `folder` (every folder above lets it pass). */
export async function canReach(folder, user) {
    if (user === null)
        return true;
    const probe = await mkdtemp(join(folder, 'probe-')).catch(() => null);
    if (probe === null)
        return false;
    try {
        await chown(probe, user.uid, user.gid);
        return (await run('/bin/sh', ['-c', '[ -w "$0" ]', probe], user)).ok;
    }
    catch {
        return false; // root without the right to give files away, as in some containers
    }
    finally {
        await rmdir(probe);
    }
}
async function lookUp(name) {
    const [uid, gid] = await Promise.all([run('id', ['-u', name], null), run('id', ['-g', name], null)]);
    return uid.ok && gid.ok ? { uid: Number(uid.output), gid: Number(gid.output) } : null;
}
