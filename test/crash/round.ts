// One round: a story, a SIGKILL at some moment of it, a new start, and the story goes on to its end.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { ReplyView } from '../../src/chat/playground/page/wire.js';
import { ENGLISH } from '../../src/chat/english.js';
import { newToken } from '../../src/lib/ids.js';
import { checkDatabase, checkStory, requestOf } from './aftermath.js';
import type { Chance } from './chance.js';
import type { Installation } from './installation.js';
import { type Delivery, dialogIn, pressing, ServerGone, submitting } from './page.js';
import { type Deed, type DeedName, requestsIn, type Story } from './story.js';

/** When the server is killed: so long after the story's n-th request was sent, or after the first commit that follows it. */
export interface Moment {
  readonly request: number;
  readonly after: 'sending' | 'commit';
  readonly delayMs: number;
  /** The people do nothing more until then, so that the blow falls between two deeds. */
  readonly waits: boolean;
  /** The new start is killed too, so long after it began; null: it is not. */
  readonly againMs: number | null;
}

const LONGEST_DELAY_MS = { sending: 250, commit: 40 };
const LONGEST_START_MS = 1_500;

export function chooseMoment(story: Story, chance: Chance): Moment {
  // What is committed and not yet answered or posted is what a crash may lose or do twice, so half of the blows aim at it.
  const after = chance.happens(0.5) ? 'commit' : 'sending';
  return {
    request: 1 + chance.below(requestsIn(story.plot)),
    after,
    // Most requests are answered within a few hundredths of a second, so short delays come more often.
    delayMs: Math.floor(LONGEST_DELAY_MS[after] * chance.next() ** 3),
    waits: chance.happens(0.25),
    againMs: chance.happens(0.1) ? chance.below(LONGEST_START_MS) : null,
  };
}

export class Round {
  readonly #installation: Installation;
  readonly #story: Story;
  readonly #moment: Moment;
  readonly #chance: Chance;
  #sent = 0;
  #blow: Promise<void> | null = null;
  #isBack = false;

  constructor(parts: { installation: Installation; story: Story; moment: Moment; chance: Chance }) {
    this.#installation = parts.installation;
    this.#story = parts.story;
    this.#moment = parts.moment;
    this.#chance = parts.chance;
  }

  /** Throws when the server breaks a promise. */
  async play(): Promise<void> {
    for (const name of this.#story.plot) {
      await this.#perform(name);
      if (this.#moment.waits && this.#blow !== null && !this.#isBack) await this.#comeBack();
    }
    // The people may have been faster than the blow.
    if (!this.#isBack) await this.#comeBack();
    await checkStory(this.#installation, this.#story);
  }

  /** Does one deed until the server has said yes to it, or shows that it was done. */
  async #perform(name: DeedName): Promise<void> {
    const deed = await this.#story.begin(name);
    for (;;) {
      try {
        deed.delivery ??= await this.#prepare(deed);
        if (deed.answer === 'response') this.#story.reveals.sent += 1;
        this.#story.acknowledge(deed, await this.#send(deed.delivery));
        return;
      } catch (error) {
        if (!(error instanceof ServerGone)) throw error;
        const wasDone = await this.#comeBack(error);
        // Chat platforms deliver again what nobody acknowledged; people look at where the request stands.
        if (this.#chance.happens(0.5)) continue;
        if (wasDone) {
          this.#story.finish(deed);
          return;
        }
        deed.delivery = null;
      }
    }
  }

  /** Presses the button and fills in its dialog, if it has one. */
  async #prepare(deed: Deed): Promise<Delivery> {
    const target = deed.name === 'open' ? '' : await requestOf(this.#installation, this.#story);
    const press = pressing(deed.person.id, deed.press, target);
    if (deed.types === null) return press;
    return submitting(deed.person.id, dialogIn(await this.#send(press)), this.#story.inputsOf(deed));
  }

  #send(delivery: Delivery): Promise<ReplyView> {
    this.#sent += 1;
    if (this.#sent === this.#moment.request) this.#strike();
    return this.#installation.page.deliver(delivery);
  }

  #strike(): void {
    this.#blow ??= this.#fall();
  }

  async #fall(): Promise<void> {
    const { after, delayMs } = this.#moment;
    if (after === 'commit') await this.#installation.nextCommit();
    if (delayMs > 0) await sleep(delayMs);
    await this.#installation.kill();
  }

  /** Waits for the blow, starts the server again and looks at what it kept. Whether the pending deed was done. */
  async #comeBack(cause?: unknown): Promise<boolean> {
    if (this.#blow === null || this.#isBack) throw new Error('the server ended by itself', { cause });
    await this.#blow;
    this.#isBack = true;
    expect(this.#installation.faults()).toEqual([]);
    await this.#startAgain();
    await checkDatabase(this.#installation);
    const wasDone = await checkStory(this.#installation, this.#story);
    await this.#tryOldCode();
    return wasDone;
  }

  async #startAgain(): Promise<void> {
    const { againMs } = this.#moment;
    if (againMs !== null) {
      const starting = this.#installation.launch();
      await sleep(againMs);
      await starting.kill();
    }
    await this.#installation.start();
  }

  /** A code that paid for a deed before the crash pays for nothing after it. */
  async #tryOldCode(): Promise<void> {
    const paid = this.#story.done.flatMap((deed) => (deed.code === null ? [] : [{ ...deed, code: deed.code }]));
    if (paid.length === 0) return;
    const { by, person, challenge, code } = this.#chance.pick(paid);
    const target = await requestOf(this.#installation, this.#story);
    const dialog = { form: by === 'approver' ? 'approve' : 'new-challenge', formId: newToken(), target };
    const reply = await this.#installation.page.deliver(submitting(person.id, dialog, { challenge, code }));
    expect(reply).toEqual({ kind: 'field-errors', errors: { code: ENGLISH.refusal['code-not-accepted']({}) } });
  }
}
