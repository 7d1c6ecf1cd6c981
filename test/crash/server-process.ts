// The server as a process of its own: `node dist/main.js`, to be killed and started again.
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ServerSettings {
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Its working folder. */
  readonly folder: string;
  /** In a process group of its own, which is then killed as a whole, as the end of a terminal or a container does. */
  readonly ownGroup: boolean;
}

const MAIN = resolve('dist/main.js');
const READY = /^Countersign playground: (?<address>http:\S+)$/;
const READY_WITHIN_MS = 90_000;
/** pino's levels error and fatal. */
const FAULT = /"level":(50|60)\b/;

const running = new Set<ServerProcess>();

/** For the end of the tests, however they ended. */
export async function killAll(): Promise<void> {
  await Promise.all([...running].map((server) => server.kill()));
}

export class ServerProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /** What is sent a signal: the process, or with a minus the whole group. */
  readonly #target: number;
  readonly #ended: Promise<unknown>;
  #log = '';

  constructor({ env, args, folder, ownGroup }: ServerSettings) {
    this.#child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env, detached: ownGroup, stdio: ['ignore', 'pipe', 'pipe'] });
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the server cannot be spawned');
    this.#target = ownGroup ? -pid : pid;
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    const watch = killWhenWeDie(this.#target);
    this.#ended = once(this.#child, 'exit').finally(() => {
      watch.kill('SIGKILL');
      running.delete(this);
    });
    running.add(this);
  }

  /** The address that it prints once it is ready. Throws with its log when it ends before, or is not ready in time. */
  async address(): Promise<string> {
    const lines = createInterface({ input: this.#child.stdout, signal: AbortSignal.timeout(READY_WITHIN_MS) });
    for await (const line of lines) {
      const address = READY.exec(line)?.groups?.['address'];
      if (address !== undefined) return address;
    }
    throw new Error(`the server did not get ready. Its log:\n${this.#log}`);
  }

  /** SIGKILL: it can do nothing more. Resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#isRunning()) process.kill(this.#target, 'SIGKILL');
    await this.#ended;
  }

  /** SIGTERM: it finishes what it does and leaves. Its exit code, null when a signal ended it. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#ended;
    return this.#child.exitCode;
  }

  /** The lines of its log that tell of a fault. */
  faults(): readonly string[] {
    return this.#log.split('\n').filter((line) => FAULT.test(line));
  }

  #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
}

/** An interrupted run must not leave servers behind: a shell waits for the end of its input, which comes with our own. */
function killWhenWeDie(target: number): ChildProcess {
  const watch = spawn('/bin/sh', ['-c', 'read -r end; kill -s KILL -- "$0"', String(target)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watch.unref();
  return watch;
}
