// Words, buttons and dialogs of the page become chat events; what the conversation replies becomes JSON for the page.
import { z } from 'zod';
import type { Clock } from '../../lib/clock.js';
import { blockElementId, formCard, messageCard } from '../adaptive-card.js';
import type { ChatEvent, Conversation, Reply } from '../event.js';
import type { ActionName, Form, FormName } from '../message.js';
import { isActionName, isFormName } from '../names.js';
import type { FormView, ReplyView } from './page/wire.js';
import { personPlace, playgroundAccount } from './platform.js';
import type { PlaygroundState } from './state.js';

const WORDS_MAX = 2_000;
const INPUT_MAX = 4_000;
const ID_MAX = 200;

const shortText = z.string().max(ID_MAX);
const sender = { personId: shortText.min(1), deliveryId: shortText.min(1) };

export const wordsSchema = z.object({ ...sender, text: z.string().trim().min(1).max(WORDS_MAX) });
export const pressSchema = z.object({
  ...sender,
  action: z.custom<ActionName>(isActionName),
  target: shortText,
});
export const submissionSchema = z.object({
  ...sender,
  form: z.custom<FormName>(isFormName),
  formId: shortText.min(1),
  target: shortText,
  inputs: z.record(shortText, z.string().max(INPUT_MAX)),
});

export interface TalkParts {
  readonly conversation: Conversation;
  readonly state: PlaygroundState;
  readonly clock: Clock;
}

export class Talk {
  readonly #parts: TalkParts;

  constructor(parts: TalkParts) {
    this.#parts = parts;
  }

  say({ personId, deliveryId, text }: z.infer<typeof wordsSchema>): Promise<ReplyView> {
    const { state, clock } = this.#parts;
    state.hear(personPlace(personId), { id: deliveryId, at: clock().toISOString(), text });
    return this.#pass({ kind: 'said', from: playgroundAccount(personId), deliveryId, text });
  }

  press({ personId, deliveryId, action, target }: z.infer<typeof pressSchema>): Promise<ReplyView> {
    return this.#pass({ kind: 'pressed', from: playgroundAccount(personId), deliveryId, action, target });
  }

  async submit({ personId, ...sent }: z.infer<typeof submissionSchema>): Promise<ReplyView> {
    const { state, conversation } = this.#parts;
    const reply = await conversation({ kind: 'submitted', from: playgroundAccount(personId), ...sent });
    if (sent.form === 'enroll-prove' && tellsOfSuccess(reply)) state.keepScannedSeed(personId);
    return this.#show(personId, reply, sent.formId);
  }

  async #pass(event: ChatEvent): Promise<ReplyView> {
    return this.#show(event.from.userId, await this.#parts.conversation(event), event.deliveryId);
  }

  /** `cause` names what the reply answers: the same delivery's reply again is the same message, not another one. */
  #show(personId: string, reply: Reply, cause: string): ReplyView {
    const { state, clock } = this.#parts;
    switch (reply.kind) {
      case 'nothing':
      case 'field-errors':
        return reply;
      case 'done':
        return { kind: 'done', say: reply.say ?? null };
      case 'message': {
        const copy = { copyId: `reply:${cause}`, at: clock() };
        const id = state.post(personPlace(personId), reply.message, copy);
        return { kind: 'message', id, drawing: messageCard(reply.message) };
      }
      case 'form':
        rememberSeed(state, personId, reply.form);
        return { kind: 'form', form: viewForm(reply.form, clock()) };
    }
  }
}

function viewForm(form: Form, now: Date): FormView {
  return {
    title: form.title,
    drawing: formCard(form),
    fields: form.fields.map(({ id, kind, optional }) => ({
      id,
      oneTimeCode: kind === 'one-time-code',
      required: optional !== true,
    })),
    copies: form.blocks.flatMap(viewCopy),
    emptyInMs: form.emptyAt === undefined ? null : Math.max(0, Date.parse(form.emptyAt) - now.getTime()),
  };
}

function viewCopy(block: Form['blocks'][number], index: number): FormView['copies'] {
  const elementId = blockElementId(index);
  if (block.kind === 'code') return [{ elementId, label: block.label, text: block.copy }];
  if (block.kind === 'keep') return [{ elementId, label: block.label, text: block.lines.join('\n') }];
  return [];
}

/** A dialog that shows an otpauth address as a QR code is one that the authenticator pane "scans". */
function rememberSeed(state: PlaygroundState, personId: string, form: Form): void {
  for (const block of form.blocks) {
    const seed = block.kind === 'qr' ? seedIn(block.text) : null;
    if (seed !== null) state.scanSeed(personId, seed);
  }
}

/** The secret of an otpauth URI (github.com/google/google-authenticator/wiki/Key-Uri-Format), or null. */
function seedIn(text: string): string | null {
  if (!text.startsWith('otpauth://') || !URL.canParse(text)) return null;
  return new URL(text).searchParams.get('secret');
}

/** Recovery codes are shown only once the new authenticator has proved itself. */
function tellsOfSuccess(reply: Reply): boolean {
  if (reply.kind === 'form') return reply.form.blocks.some((block) => block.kind === 'keep');
  return reply.kind === 'done';
}
