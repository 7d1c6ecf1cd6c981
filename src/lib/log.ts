// One JSON line a fact, on standard error. What could be secret never reaches it: see `redact`.
import { pino } from 'pino';

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

const SECRET_KEYS = ['code', 'seed', 'secret', 'key', 'puk', 'response', 'password', 'token', 'cookie', 'authorization'];

/** A logger. `redact` is the second line of defence: the first is that no caller hands it a secret. */
export function openLog(level: string, destination: pino.DestinationStream = pino.destination({ fd: 2, sync: true })): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorFacts },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    },
    destination,
  );
}

/** An error's `code` says what broke and goes by `errorCode`: a `code` in the log would be a one-time code. */
function errorFacts(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { code, ...facts }: Readonly<Record<string, unknown>> = pino.stdSerializers.err(error as Error);
  return typeof code === 'string' ? { ...facts, errorCode: code } : facts;
}

export const silentLog: Log = pino({ level: 'silent' });
