// The script of the page, which the server takes out of dist.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const COMPILER = resolve('node_modules/typescript/bin/tsc');

/** Makes the script in dist what the sources of the page are now. */
export async function compilePage(): Promise<void> {
  await run(process.execPath, [COMPILER, '-p', 'src/chat/playground/page/tsconfig.json']);
}
