// A replica as a process of its own, which gets orders and answers them.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { transform } from '@swc/core';
import { z } from 'zod';
import { compileSources } from '../support/compile-sources.js';
import type { End, Go, Look, Order, Seen, Setup, Told } from './replica.js';

const FILES = ['test/races/replica.ts', 'test/races/plan.ts'];

/** src and what a replica needs beside it as plain JavaScript, in a folder that the caller removes. */
export async function compileReplica(): Promise<string> {
  const folder = await compileSources();
  await symlink(resolve('prisma'), join(folder, 'prisma'));
  for (const file of FILES) {
    const { code } = await transform(await readFile(file, 'utf8'), { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } });
    const goal = join(folder, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(goal), { recursive: true });
    await writeFile(goal, code);
  }
  return folder;
}

const answered = z.object({ number: z.number(), answer: z.unknown().optional(), fault: z.string().optional() });

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (fault: Error) => void;
}

export class Replica {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(folder: string) {
    this.#child = fork(join(folder, 'test', 'races', 'replica.js'), { cwd: folder, execArgv: [], env: { PATH: process.env.PATH ?? '' } });
    this.#child.on('message', (message) => {
      const { number, answer, fault } = answered.parse(message);
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      if (fault === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(fault));
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the replica ended with ${String(code)}`));
    });
  }

  async setUp(order: Omit<Setup, 'kind'>): Promise<void> {
    await this.#ask({ kind: 'set-up', ...order });
  }

  // What comes back was made by our own code on the same machine.
  async go(order: Omit<Go, 'kind'>): Promise<readonly Told[]> {
    return (await this.#ask({ kind: 'go', ...order })) as readonly Told[];
  }

  async look(order: Omit<Look, 'kind'>): Promise<Seen> {
    return (await this.#ask({ kind: 'look', ...order })) as Seen;
  }

  async end(order: Omit<End, 'kind'>): Promise<number> {
    return (await this.#ask({ kind: 'end', ...order })) as number;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  #ask(order: Order): Promise<unknown> {
    this.#last += 1;
    const number = this.#last;
    return new Promise((resolved, reject) => {
      this.#waiting.set(number, { resolve: resolved, reject });
      this.#child.send({ number, order });
    });
  }
}
