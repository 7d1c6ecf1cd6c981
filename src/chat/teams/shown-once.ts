// Answers that can be given once only (new recovery codes): Teams may lose one and send the same form again.
import { MINUTE_MS } from '../../lib/clock.js';
import type { ChatEvent, Reply } from '../event.js';
import type { FormName } from '../message.js';

/** Long enough for what a client repeats by itself, and for a second look at a slow dialog. */
const KEPT_MS = 2 * MINUTE_MS;
const SHOW_ONCE: readonly FormName[] = ['enroll-prove', 'recovery-codes'];

type Submitted = Extract<ChatEvent, { kind: 'submitted' }>;

/**
 * Keeps such an answer in memory for two minutes, for the same account and the same form (128 random bits that stood in
 * this person's dialog alone). Nothing is stored, and nobody else is given it.
 */
export class ShownOnce {
  readonly #kept = new Map<string, Promise<Reply>>();

  async answer(event: ChatEvent, work: () => Promise<Reply>): Promise<Reply> {
    if (event.kind !== 'submitted' || !SHOW_ONCE.includes(event.form)) return await work();
    const key = keyOf(event);
    const known = this.#kept.get(key);
    if (known !== undefined) return await known;
    const reply = work();
    this.#kept.set(key, reply);
    const showed = await reply.then(isShown, () => false);
    if (showed) setTimeout(() => this.#kept.delete(key), KEPT_MS).unref();
    else this.#kept.delete(key);
    return await reply;
  }
}

function keyOf({ from, formId }: Submitted): string {
  return JSON.stringify([from.tenant, from.userId, formId]);
}

function isShown(reply: Reply): boolean {
  return reply.kind === 'form' && reply.form.blocks.some(({ kind }) => kind === 'keep');
}
