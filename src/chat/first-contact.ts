// Strangers: whom an account may belong to, and how it is linked to them with a one-time code of theirs.
import type { Person } from '../directory/person.js';
import { refuse } from '../lib/refusal.js';
import { linkScope } from '../stepup/throttle.js';
import { burnCodes } from './burnt-code.js';
import type { ChatEvent, Reply } from './event.js';
import { linkForm } from './forms.js';
import type { Newcomers } from './newcomers.js';
import { notice, say, sentenceFor } from './replies.js';
import type { Encounter } from './turn.js';
import { newcomerMessage } from './views.js';

type Sent = Extract<ChatEvent, { kind: 'submitted' }>;

/** What somebody is told whose account belongs to nobody yet. */
export async function meet({ newcomers, speech, burner, clock }: Encounter, event: ChatEvent): Promise<Reply> {
  const person = newcomers === null ? null : await newcomers.candidate(event.from);
  if (newcomers === null || person === null) return say(event, speech.words.refusal.stranger({}), speech);
  if (event.kind === 'submitted' && event.form === 'link') {
    if (await link(newcomers, person, event)) return notice(speech.words.say.linked, speech);
    return { kind: 'field-errors', errors: { code: sentenceFor(refuse('not-linked'), speech) } };
  }
  // Whoever is asked for a code may answer in the chat instead of the dialog.
  if (event.kind === 'said' && (await burnCodes({ burner, person, clock }, event.text))) return { kind: 'done', say: speech.words.say.codeInChat };
  if (event.kind === 'looked' || event.kind === 'said') return { kind: 'message', message: newcomerMessage(speech) };
  return { kind: 'form', form: linkForm(person, speech) };
}

/** The stranger types as themselves, so that their wrong codes cannot lock the person's authenticator. */
async function link({ stepUp, bind, clock }: Newcomers, person: Person, { from, formId, inputs, locale }: Sent): Promise<boolean> {
  const stranger = `${from.platform}:${from.tenant}:${from.userId}`;
  const at = clock();
  const verdict = await stepUp.check({
    personId: person.id,
    code: inputs.code ?? '',
    scopes: [linkScope(stranger, at)],
    attempt: { formId, actorId: stranger },
    at,
  });
  if (verdict.kind !== 'proof') return false;
  if (await bind({ ...from, locale: locale ?? null }, verdict.spend, at)) return true;
  await stepUp.giveBack(verdict.spend);
  return false;
}
