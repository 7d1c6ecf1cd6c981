// For `node --import`: a child process of a test runs TypeScript as the tests themselves do.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
