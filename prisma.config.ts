import { defineConfig } from 'prisma/config';

// `generate`, `validate` and `format` never run the schema engine, yet the CLI downloads it first. Naming any
// existing file skips that download, so that `npm ci` works where the vendor's host cannot be reached.
// `migrate` and `db` do need the real engine, so they are left alone.
const ENGINE_FREE = ['generate', 'validate', 'format'];
if (process.argv.some((word) => ENGINE_FREE.includes(word))) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}),
});
