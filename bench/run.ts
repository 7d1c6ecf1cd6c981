// `npm run bench`: measures beside floors of the same run and prints one table. Parts by name: stories, start, audit.
import { openServer } from './server.js';
import { benchStart } from './start.js';
import { benchStories } from './stories.js';
import { type Line, tableOf } from './table.js';
import { benchVerify } from './verify.js';

const PARTS = ['stories', 'start', 'audit'] as const;
type Part = (typeof PARTS)[number];

const asked = process.argv.slice(2);
const parts = PARTS.filter((part) => asked.length === 0 || asked.includes(part));
if (parts.length < asked.length) {
  console.error(`Parts of the bench: ${PARTS.join(', ')}.`);
  process.exit(2);
}

const lines: Line[] = [];
for (const part of parts) {
  console.error(`measuring: ${part}`);
  lines.push(...(await measure(part)));
}
console.log(tableOf(lines));

async function measure(part: Part): Promise<readonly Line[]> {
  if (part === 'start') return benchStart();
  const server = await openServer();
  const interrupted = (): void => void server.close().finally(() => process.exit(1));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await (part === 'stories' ? benchStories(server) : benchVerify(server));
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await server.close();
  }
}
