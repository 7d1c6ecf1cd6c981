// Refusals and short sentences as replies.
import type { Refused } from '../lib/refusal.js';
import type { ChatEvent, Reply } from './event.js';
import { noticeForm } from './forms.js';
import type { Field, Form, Message } from './message.js';
import type { Speech } from './speech.js';
import { plainMessage } from './views.js';
import type { ChatRefusal } from './wording.js';

/** A sentence to this person alone, in the way that fits what they did. */
export function say(event: ChatEvent, sentence: string, speech: Speech): Reply {
  if (event.kind === 'said' || event.kind === 'looked') return { kind: 'message', message: plainMessage(speech.words.say.welcome.title, sentence) };
  return notice(sentence, speech);
}

/** A dialog with one sentence: it replaces the dialog that was sent, so that nobody wonders what became of it. */
export function notice(sentence: string, { words }: Speech): Reply {
  return { kind: 'form', form: noticeForm(sentence, words) };
}

// Which field a refusal belongs to; the others end the dialog.
const FIELD_OF: { readonly [K in ChatRefusal]?: Field['id'] } = {
  'challenge-answered': 'challenge',
  'challenge-empty': 'challenge',
  'challenge-length': 'challenge',
  'challenge-not-hex': 'challenge',
  'challenge-not-random': 'challenge',
  'code-needed': 'code',
  'code-not-accepted': 'code',
  'delegate-away': 'person',
  'delegate-first': 'first',
  'delegate-last': 'last',
  'delegate-self': 'person',
  'delegate-too-long': 'last',
  'delegate-unknown': 'person',
  'invitation-not-accepted': 'invitation',
  'may-not-vouch': 'person',
  'no-reason': 'reason',
  'recovery-code-needed': 'code',
  'sealed-not-accepted': 'code',
  'sealed-one-person': 'otherCode',
  'number-not-accepted': 'number',
};

export function refused(refusal: Refused<ChatRefusal>, speech: Speech): Reply {
  const sentence = sentenceFor(refusal, speech);
  const field = FIELD_OF[refusal.refused];
  return field === undefined ? notice(sentence, speech) : { kind: 'field-errors', errors: { [field]: sentence } };
}

export function sentenceFor({ refused: reason, detail }: Refused<ChatRefusal>, { words }: Speech): string {
  return words.refusal[reason](detail ?? {});
}

/** What a reply says where nothing but words fits. */
export function sentenceOf(reply: Reply): string {
  switch (reply.kind) {
    case 'done':
      return reply.say ?? '';
    case 'field-errors':
      return Object.values(reply.errors).join(' ');
    case 'message':
      return textsOf(reply.message);
    case 'form':
      return textsOf(reply.form);
    case 'nothing':
      return '';
  }
}

/** The words of a message or a dialog, without its facts, codes and steps. */
export function textsOf({ blocks }: Message | Form): string {
  return blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n');
}
