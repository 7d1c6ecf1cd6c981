// The file that a command was given, or standard input.
import { CliFailure, type Io } from './io.js';

export async function readInput(file: string, io: Io): Promise<string> {
  if (file === '-') return await io.readStdin();
  return await io.readFile(file).catch((error: unknown) => {
    throw new CliFailure(1, 'file-unreadable', `${file} cannot be read: check its name and its rights.`, { cause: error });
  });
}
