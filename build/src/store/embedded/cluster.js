// Makes PostgreSQL's data folder (a "cluster"), whole or not at all.
import { chown, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { newToken } from '../../lib/ids.js';
import { EmbeddedError } from './embedded-error.js';
import { replaceFile } from './remembered.js';
import { chooseRunAs, isRoot, ROOT, run } from './run-as.js';
/** Role and database have the same name. */
export const DATABASE = 'countersign';
/** PostgreSQL's own UTF-8 rules, which are the same on every system, instead of the system's. */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
/** Whether a cluster lies there. It is renamed to its name when it is complete. */
export async function clusterExists(cluster) {
    return stat(cluster).then(() => true, () => false);
}
/** The user to whom a cluster belongs; PostgreSQL runs as no other. One that root restored as its own is given away. */
export async function ownerOf(cluster, dataFolder) {
    if (!isRoot())
        return null;
    const { uid, gid } = await stat(cluster);
    if (uid !== ROOT)
        return { uid, gid };
    const user = await chooseRunAs(dataFolder);
    if (user !== null)
        await run('chown', ['-hR', `${user.uid}:${user.gid}`, cluster], null);
    return user;
}
/**
 * Makes a cluster with the database `countersign`, in a folder beside its place, and renames it into place.
 * Throws an EmbeddedError `start-failed` with what PostgreSQL said.
 */
export async function createCluster(plan) {
    await removeDrafts(plan.cluster);
    const draft = `${plan.cluster}.new-${newToken(48)}`;
    try {
        await mkdir(draft, { mode: 0o700 });
        if (plan.user !== null)
            await chown(draft, plan.user.uid, plan.user.gid);
        await initialise(plan, draft);
        await createDatabase(plan, draft);
        await rename(draft, plan.cluster);
    }
    finally {
        await rm(draft, { recursive: true, force: true });
    }
}
async function initialise({ binaries, user, password }, draft) {
    const passwordFile = `${draft}.password`;
    try {
        await replaceFile(passwordFile, password, user);
        const access = ['--username', DATABASE, '--auth=scram-sha-256', '--pwfile', passwordFile];
        const outcome = await run(binaries.initdb, ['-D', draft, '--no-instructions', ...access, ...LOCALE], user);
        if (!outcome.ok)
            throw cannotCreate(outcome);
    }
    finally {
        await rm(passwordFile, { force: true });
    }
}
/** Without a server: in PostgreSQL's single-user mode. */
async function createDatabase({ binaries, user }, draft) {
    const outcome = await run(binaries.postgres, ['--single', '-D', draft, 'postgres'], user, `CREATE DATABASE ${DATABASE}\n`);
    if (!outcome.ok || outcome.output.includes('ERROR:'))
        throw cannotCreate(outcome);
}
function cannotCreate(outcome) {
    return new EmbeddedError('start-failed', `The embedded PostgreSQL cannot make its data folder: ${outcome.output}`);
}
/** What a start that was killed half-way left beside the cluster's place. */
async function removeDrafts(cluster) {
    const parent = dirname(cluster);
    for (const name of await readdir(parent)) {
        if (!name.startsWith(`${basename(cluster)}.new-`))
            continue;
        await rm(join(parent, name), { recursive: true, force: true, maxRetries: 20 }); // its initdb may still be writing
    }
}
