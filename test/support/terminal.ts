// A terminal for tests: what a command told on each stream, and what it finds on standard input.
import { runCli } from '../../src/cli/countersign.js';
import { type Io, systemIo } from '../../src/cli/io.js';

export class Terminal {
  out = '';
  err = '';
  stdin = '';
  readonly io: Io;

  constructor(readFile: Io['readFile'] = systemIo.readFile) {
    this.io = {
      stdout: (text) => void (this.out += text),
      stderr: (text) => void (this.err += text),
      readFile,
      readStdin: () => Promise.resolve(this.stdin),
    };
  }

  /** Runs a command line, its words between single blanks, on a clean screen; `lines` are typed. Returns how it ended. */
  async run(args: string, ...lines: readonly string[]): Promise<number> {
    this.clear();
    this.stdin = lines.join('\n');
    return await runCli(args.split(' '), this.io);
  }

  clear(): void {
    [this.out, this.err] = ['', ''];
  }
}
