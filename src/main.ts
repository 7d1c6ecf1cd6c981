// Starts Countersign: `npm start`, or `countersign start`.
import { runCli } from './cli/countersign.js';

process.exitCode = await runCli(['start', ...process.argv.slice(2)]);
