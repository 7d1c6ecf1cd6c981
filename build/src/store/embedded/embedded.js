// The embedded PostgreSQL: started by whoever needs it first, shared by all processes, stopped by the last to leave.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownerOf } from './cluster.js';
import { binariesFor, clusterOf, knownCluster } from './first-start.js';
import { withLock } from './lock-file.js';
import { openDataFolder } from './placement.js';
import { settledPostmaster } from './postmaster.js';
import { remember } from './remembered.js';
import { startServer, stopServer } from './server.js';
import { isLast, openPresence, urlOf } from './session.js';
const RETRY_MS = 1_000;
/**
 * Attaches to the PostgreSQL server of `dataFolder`, having made and started it if need be. It listens on 127.0.0.1
 * alone and runs on until the last process has called `close`; a process that is killed leaves it running for the next
 * one. When it breaks down meanwhile it is started again. Throws an EmbeddedError whose message says what to do.
 */
export async function openEmbedded(options) {
    const { log } = options;
    const house = { ...options, dataFolder: await openDataFolder(options.dataFolder) };
    let leaving = null;
    let recovery = Promise.resolve();
    const onEnd = () => {
        if (leaving === null)
            recovery = recover();
    };
    let stay = await enter(house, onEnd);
    async function recover() {
        log.warn('the embedded PostgreSQL ended our session; going back to it');
        while (leaving === null) {
            try {
                const { url } = stay;
                stay = await enter(house, onEnd);
                if (stay.url !== url)
                    log.error('the embedded PostgreSQL has moved to another port: restart Countersign');
                return;
            }
            catch (error) {
                log.error({ err: error }, 'the embedded PostgreSQL cannot be reached');
            }
            await sleep(RETRY_MS);
        }
    }
    async function leave() {
        await recovery;
        await withLock(lockFile(house), () => leaveUnderLock(stay));
    }
    return { url: stay.url, close: () => (leaving ??= leave()) };
}
/** Finds the server or starts it, and opens our session on it. */
async function enter(house, onEnd) {
    return withLock(lockFile(house), async () => {
        const known = await knownCluster(house.dataFolder, house.log);
        const cluster = clusterOf(house.dataFolder, known);
        const postmaster = (await settledPostmaster(cluster)) ?? (await start(house, cluster, known));
        const address = { port: postmaster.port, password: known.password };
        const presence = await openPresence(address, { token: known.token, cluster }, onEnd);
        return { presence, url: urlOf(address), cluster };
    });
}
/** While we hold the lock nobody new comes in. */
async function leaveUnderLock({ presence, cluster }) {
    const last = await isLast(presence).catch(() => false); // a broken session: the server is down already
    await presence.end();
    if (last)
        await stopServer(cluster);
}
async function start(house, cluster, known) {
    const { dataFolder, log, extraSettings = {} } = house;
    const user = await ownerOf(cluster, dataFolder);
    const binaries = await binariesFor(cluster, user, log);
    const logFile = join(dataFolder, 'postgres.log');
    const server = { cluster, binaries, user, logFile, token: known.token, extraSettings };
    const postmaster = await startServer(server, known.port);
    if (postmaster.port !== known.port)
        await remember(dataFolder, { ...known, port: postmaster.port });
    return postmaster;
}
function lockFile({ dataFolder }) {
    return join(dataFolder, 'postgres.lock');
}
