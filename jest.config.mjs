import { availableParallelism } from 'node:os';

/** As many as the one PostgreSQL has connections for. */
const MOST_WORKERS = 8;

/** ESM throughout, so that tests run the same modules as production (@noble/ciphers is ESM only). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/crash/', '<rootDir>/test/races/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': ['$1.ts', '$1.js'] },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  globalSetup: '<rootDir>/test/support/start-postgres.ts',
  globalTeardown: '<rootDir>/test/support/stop-postgres.ts',
  reporters: ['default', '<rootDir>/test/support/closing-line.mjs'],
  testTimeout: 60_000,
  // All cores: tests wait for PostgreSQL and for HTTP much of their time.
  maxWorkers: Math.min(availableParallelism(), MOST_WORKERS),
  // Modules of a test that ran are never let go (ESM in node:vm): a worker is started anew before it fills the heap.
  workerIdleMemoryLimit: '1500MB',
};
