// `npm run bench`: measures beside floors of the same run and prints one table. Parts by name: stories, start, audit.
import { benchStories } from './stories.js';
import { openServer } from './server.js';
import { tableOf } from './table.js';

const server = await openServer();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close().finally(() => process.exit(1)));
try {
  console.log(tableOf(await benchStories(server)));
} finally {
  await server.close();
}
