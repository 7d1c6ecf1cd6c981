// After all tests: stops the server that start-postgres.ts started.
export default async function stop(): Promise<void> {
  await globalThis.stopTestPostgres?.();
}
