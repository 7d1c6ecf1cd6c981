// A rotation in a process of its own, which kills itself at a given wrap: no cleaning up, as in a power cut.
// Arguments: the folder of the compiled sources, the database, the old KEK's file, the new one's, the number of the wrap (0: none).
import { pathToFileURL } from 'node:url';

const [sources, url, oldFile, newFile, lastWrap] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${sources}/src/${file}`).href);

const { openDatabase } = await load('store/database.js');
const { rewrapAll } = await load('store/rewrap.js');
const { openStoredRowMac } = await load('store/vault-keys.js');
const { openKekFile } = await load('vault/kek-file.js');
const { holdKeks } = await load('vault/kek.js');

const next = await openKekFile(newFile);
let wraps = 0;
const mortal = {
  id: next.id,
  unwrap: (wrapped, boundTo) => next.unwrap(wrapped, boundTo),
  wrap: (dataKey, boundTo) => {
    wraps += 1;
    if (wraps === Number(lastWrap)) process.kill(process.pid, 'SIGKILL');
    return next.wrap(dataKey, boundTo);
  },
};
const keks = holdKeks(mortal, await openKekFile(oldFile));
const database = openDatabase(url);
const rowMac = await openStoredRowMac(database, keks);
const clock = () => new Date();
const { moved } = await rewrapAll({ database, keks, rowMac, clock, width: 4, progress: () => undefined });
process.stdout.write(`${moved}\n`);
await database.$disconnect();
