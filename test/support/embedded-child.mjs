// A process that uses the embedded PostgreSQL: tells its address, leaves when its input ends, tells when it has left.
// Arguments: the folder of the compiled sources, the data folder. One JSON line a fact on standard output.
import { pathToFileURL } from 'node:url';

const [sources, dataFolder] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${sources}/${file}`).href);
const tell = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

const { openEmbedded } = await load('store/embedded/embedded.js');
const { silentLog: log } = await load('lib/log.js');
try {
  const database = await openEmbedded({ dataFolder, log });
  tell({ url: database.url });
  for await (const word of process.stdin) void word;
  await database.close();
  tell({ left: true });
} catch (error) {
  tell({ code: error.code, message: error.message });
}
