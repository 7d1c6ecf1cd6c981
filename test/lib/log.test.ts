// What a log line says, and what it never says.
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { openLog } from '../../src/lib/log.js';

const SECRET = 'planted-4711';

function lineOf(facts: object): string {
  const lines: string[] = [];
  openLog('debug', { write: (line: string) => void lines.push(line) }).error(facts, 'it happened');
  return lines.join('');
}

const withError = z.object({ err: z.record(z.string(), z.unknown()) });

describe('a line of the log', () => {
  it.each(['code', 'seed', 'secret', 'key', 'puk', 'response', 'password', 'token', 'cookie', 'authorization'])('hides what is called %s, three levels deep', (name) => {
    for (const facts of [{ [name]: SECRET }, { a: { [name]: SECRET } }, { a: { b: { [name]: SECRET } } }]) {
      const line = lineOf(facts);
      expect(line).toContain('[redacted]');
      expect(line).not.toContain(SECRET);
    }
  });

  it('says what broke: the class, the message, the code and the cause of an error', () => {
    const error = Object.assign(new Error('the row was changed', { cause: new Error('it does not open') }), { name: 'VaultError', code: 'row-tampered' });
    const { err } = withError.parse(JSON.parse(lineOf({ err: error })));
    expect(err).toMatchObject({ name: 'VaultError', errorCode: 'row-tampered' });
    expect(err.stack).toContain('it does not open');
  });

  it('hides a one-time code that an error carries beside its own code', () => {
    const error = Object.assign(new Error('no'), { code: 'P2010', request: { code: SECRET }, token: SECRET });
    const line = lineOf({ err: error });
    expect(line).toContain('P2010');
    expect(line).not.toContain(SECRET);
  });

  it('takes whatever was thrown', () => {
    expect(lineOf({ err: 'just a text' })).toContain('just a text');
    expect(lineOf({ err: null })).toContain('"err":null');
  });
});
