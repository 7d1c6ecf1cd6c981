// Why a policy file could not be read, in a sentence that says what to do.
import { CliFailure } from './io.js';

const SENTENCES: ReadonlyMap<unknown, string> = new Map([
  ['EISDIR', 'is a folder: name the file in it.'],
  ['EACCES', 'may not be read by you: check its permissions.'],
]);

export function unreadable(file: string, { json, cause }: { readonly json: boolean; readonly cause: unknown }): CliFailure {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  return new CliFailure(1, 'policy-file-unreadable', `${file} ${SENTENCES.get(code) ?? 'cannot be read: check that it is there.'}`, { json, cause });
}
