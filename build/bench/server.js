// The PostgreSQL server of one run: embedded, in a folder of its own, with fsync on as in production.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { silentLog } from '../src/lib/log.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { migrate } from '../src/store/migrate.js';
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
export async function openServer() {
    const folder = await makeFolder();
    const server = await openEmbedded({ dataFolder: join(folder, 'data'), log: silentLog });
    const create = async (name, template) => {
        await administer(server.url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
        return addressOf(server.url, name);
    };
    return {
        folder,
        async migrated(name) {
            const url = await create(name, 'template0');
            await migrate(url, MIGRATIONS_FOLDER);
            return url;
        },
        copyOf: (url, name) => create(name, new URL(url).pathname.slice(1)),
        async close() {
            await server.close();
            await rm(folder, { recursive: true, force: true });
        },
    };
}
/** A folder for temporary files that PostgreSQL's user may enter: started by root, it runs as somebody else. */
export async function makeFolder() {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
    await chmod(folder, 0o711);
    return folder;
}
async function administer(url, statement) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
}
function addressOf(url, database) {
    const address = new URL(url);
    address.pathname = `/${database}`;
    return address.href;
}
