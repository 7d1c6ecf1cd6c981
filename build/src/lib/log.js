// One JSON line a fact, on standard error. What could be secret never reaches it: see `redact`.
import { pino } from 'pino';
const SECRET_KEYS = ['code', 'seed', 'secret', 'key', 'puk', 'response', 'password', 'token', 'cookie', 'authorization'];
/** A logger. `redact` is the second line of defence: the first is that no caller hands it a secret. */
export function openLog(level, destination = pino.destination({ fd: 2, sync: true })) {
    return pino({
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    }, destination);
}
export const silentLog = pino({ level: 'silent' });
