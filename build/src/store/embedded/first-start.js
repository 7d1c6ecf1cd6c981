// What is known of a data folder's cluster. At the first start there is none yet: it is made here.
import { dirname } from 'node:path';
import { newToken } from '../../lib/ids.js';
import { findBinaries } from './binaries.js';
import { clusterExists, createCluster } from './cluster.js';
import { EmbeddedError } from './embedded-error.js';
import { clusterInside, placeElsewhere } from './placement.js';
import { freePort } from './ports.js';
import { readRemembered, remember, rememberedFile } from './remembered.js';
import { chooseRunAs } from './run-as.js';
const PASSWORD_BITS = 192;
/** Where the remembered cluster lies. */
export function clusterOf(folder, remembered) {
    return remembered?.elsewhere ?? clusterInside(folder);
}
/**
 * What is remembered of the cluster of the data folder `folder`, which is made if there never was one. The caller holds
 * the lock. Throws an EmbeddedError `damaged` when only half of it is there: an empty database in its place would hide that.
 */
export async function knownCluster(folder, log) {
    const known = await readRemembered(folder);
    const cluster = clusterOf(folder, known);
    const exists = await clusterExists(cluster);
    if (exists && known === null)
        throw damaged(`${cluster} holds a database, but its password is gone`, folder);
    if (!exists && known?.made === true)
        throw damaged(`${cluster}, which held the database, is gone`, folder);
    if (known?.made === true)
        return known;
    const complete = exists && known !== null ? known : await make(folder, log);
    const made = { ...complete, made: true };
    await remember(folder, made);
    return made;
}
/** Programs that the cluster's user can run. */
export async function binariesFor(cluster, user, log) {
    const { binaries, copied } = await findBinaries(user, dirname(cluster));
    if (copied !== undefined)
        log.info({ folder: copied }, 'the embedded PostgreSQL runs from a copy of its programs');
    return binaries;
}
/** The password is written down before the cluster exists, so that no kill in between leaves one without the other. */
async function make(folder, log) {
    const user = await chooseRunAs(folder);
    const elsewhere = await placeElsewhere(folder, user);
    if (elsewhere !== null) {
        log.warn({ folder: elsewhere }, "PostgreSQL's user cannot reach the data folder, so the database lies elsewhere");
    }
    const password = newToken(PASSWORD_BITS);
    const planned = { port: await freePort(), password, token: newToken(), elsewhere, made: false };
    await remember(folder, planned);
    const cluster = clusterOf(folder, planned);
    await createCluster({ cluster, binaries: await binariesFor(cluster, user, log), user, password });
    return planned;
}
function damaged(what, folder) {
    return new EmbeddedError('damaged', `${what}. Restore it from a backup; or, to begin with an empty database, move it and ${rememberedFile(folder)} away.`);
}
