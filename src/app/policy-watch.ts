// The policy that this process goes by: that of its file, with its calendars as they are now, while it is the one in force.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CalendarTexts, parsePolicy } from '../approval/policy-file.js';
import { noteCalendar, policyInForce } from '../store/policies.js';
import type { LoadedPolicy } from '../unblock/decision.js';
import type { OnCallSchedules } from './on-call-schedules.js';
import { loadPolicy, type Parts, type PolicyRead } from './parts.js';
import { StartProblem } from './problem.js';

type WatchParts = Pick<Parts, 'config' | 'database' | 'rowMac' | 'clock' | 'log'>;

export interface Watched {
  readonly read: PolicyRead;
  /** The hash of the policy in force. */
  readonly inForce: string;
  readonly schedules: Pick<OnCallSchedules, 'current'>;
}

export class PolicyWatch {
  readonly #schedules: Watched['schedules'];
  readonly #parts: WatchParts;
  #read: PolicyRead;
  #inForce: string;
  #toldOf: string | null = null;
  /** How each calendar file looked when it was last read: time of its change and size. */
  readonly #seen = new Map<string, string>();
  readonly #warnings = new Map<string, string>();

  constructor(parts: WatchParts, { read, inForce, schedules }: Watched) {
    this.#parts = parts;
    this.#schedules = schedules;
    this.#read = read;
    this.#inForce = inForce;
  }

  /** With whoever is on call by the schedules that are kept elsewhere, as they were asked for last. */
  current(): LoadedPolicy {
    const { policy, hash } = this.#read;
    return { hash, policy: { ...policy, schedules: this.#schedules.current() } };
  }

  /** Why this process may open no request, and what to do; null while its policy is the one in force. */
  trouble(): string | null {
    const { hash } = this.#read;
    if (hash === this.#inForce) return null;
    return `the policy of this process (${short(hash)}) is not the one in force (${short(this.#inForce)}): put that file in its place, or run \`countersign policy apply\``;
  }

  /** What is wrong with a calendar file: it counts as it was before. */
  warning(): string | null {
    return this.#warnings.size === 0 ? null : [...this.#warnings.values()].join('; ');
  }

  /** Writes down which calendars count from now on, by their hashes. */
  async noteCalendars(): Promise<void> {
    for (const [file, text] of this.#read.calendars) await this.#note(file, text);
  }

  /** Asks which policy is in force, and reads again what has changed: its own file only for that one. */
  async look(): Promise<void> {
    const row = await policyInForce(this.#parts);
    // A row that is gone puts no other policy in force.
    if (row !== null) this.#inForce = row.hash;
    if (this.#inForce === this.#read.hash) await this.#lookAtCalendars();
    else await this.#follow(this.#inForce);
  }

  async #follow(hash: string): Promise<void> {
    const read = await loadPolicy(this.#parts.config).catch((error: unknown) => {
      if (error instanceof StartProblem) return null;
      throw error;
    });
    if (read?.hash === hash) {
      this.#read = read;
      this.#toldOf = null;
      this.#seen.clear();
      this.#warnings.clear();
      await this.noteCalendars();
      this.#parts.log.info({ policyHash: hash }, 'the policy that came into force was read');
      return;
    }
    // Once for each, and not at every beat.
    if (this.#toldOf !== hash) this.#parts.log.warn({ policyHash: hash }, 'another policy came into force; no request is opened here until this process has its file');
    this.#toldOf = hash;
  }

  async #lookAtCalendars(): Promise<void> {
    // One after another: a broken file keeps no other one from being read.
    for (const [file, text] of await this.#changedFiles()) {
      await this.#take(file, text).catch((fault: unknown) => {
        // It was not taken, so the next look finds it again.
        this.#seen.delete(file);
        throw fault;
      });
    }
  }

  async #take(file: string, text: string): Promise<void> {
    const calendars: CalendarTexts = new Map([...this.#read.calendars, [file, text]]);
    const parsed = parsePolicy(this.#read.text, calendars);
    if ('problems' in parsed) {
      this.#warn(file, parsed.problems.map(({ problem }) => problem).join('; '));
      return;
    }
    this.#warnings.delete(file);
    if (this.#read.calendars.get(file) === text) return;
    // Written down first: what counts from now on is in the audit.
    await this.#note(file, text);
    this.#read = { ...this.#read, policy: parsed.policy, calendars };
    this.#parts.log.info({ file }, 'a calendar was read again');
  }

  /** The texts of the calendar files that look other than before. One that cannot be read counts as it was. */
  async #changedFiles(): Promise<ReadonlyMap<string, string>> {
    const changed = new Map<string, string>();
    const { policyFile } = this.#parts.config;
    if (policyFile === null) return changed;
    for (const file of this.#read.calendars.keys()) {
      const path = join(dirname(policyFile), file);
      const looks = await stat(path).then(({ mtimeMs, size }) => `${mtimeMs} ${size}`, () => 'gone');
      if (looks === this.#seen.get(file)) continue;
      this.#seen.set(file, looks);
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text === null) this.#warn(file, 'cannot be read');
      else changed.set(file, text);
    }
    return changed;
  }

  async #note(file: string, text: string): Promise<void> {
    await noteCalendar(this.#parts, { file, sha256: sha256(text), policyHash: this.#read.hash }, this.#parts.clock());
  }

  #warn(file: string, problem: string): void {
    this.#warnings.set(file, `${file}: ${problem} (it counts as it was before)`);
    this.#parts.log.warn({ file, problem }, 'a calendar beside the policy cannot be used; it counts as it was before');
  }
}

/** As much of a hash as tells two apart. */
function short(hash: string): string {
  return hash.slice(0, 12);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
