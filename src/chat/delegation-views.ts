// What is shown of delegations: the dialog that gives or ends one, and who decides in whose place.
import { dateIn } from '../approval/delegation.js';
import { MAX_EMAIL_LENGTH } from '../directory/person.js';
import { newToken } from '../lib/ids.js';
import { inertText } from '../lib/inert-text.js';
import { REASON_MAX_LENGTH } from '../unblock/desk.js';
import { lastMinute } from './clock-words.js';
import { CODE_MAX_LENGTH } from './forms.js';
import type { Block, Button, Field, Form, Message } from './message.js';
import type { Speech } from './speech.js';
import { NAME_LENGTH } from './views.js';

const DATE_LENGTH = 10;

/** A delegation by the other one's name; `from` and `until` in ms since 1970. */
export interface StandInShown {
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

export interface DelegationsShown {
  /** Who decides in the person's own place; null: nobody. */
  readonly own: StandInShown | null;
  readonly standsInFor: readonly StandInShown[];
}

/** `zone`: the IANA name of the time zone in which the person's days are read. */
export function delegateForm(shown: DelegationsShown, zone: string, speech: Speech): Form {
  const { words, now } = speech;
  const { delegating } = words;
  const lines = delegationLines(shown, speech).map((line): Block => ({ kind: 'text', text: line, style: 'strong' }));
  return {
    name: 'delegate',
    formId: newToken(),
    target: '',
    title: delegating.title,
    blocks: [
      ...lines,
      ...(shown.own === null ? [] : [subtle(delegating.replaces)]),
      { kind: 'text', text: delegating.intro },
      subtle(delegating.zone(zone)),
    ],
    fields: [
      { id: 'person', ...delegating.field.person, kind: 'person', maxLength: MAX_EMAIL_LENGTH },
      { ...dateField('first', speech), value: dateIn(zone, now()) },
      dateField('last', speech),
      { id: 'reason', ...delegating.field.reason, kind: 'lines', maxLength: REASON_MAX_LENGTH },
      { id: 'code', ...words.field.appCode, kind: 'one-time-code', maxLength: CODE_MAX_LENGTH },
    ],
    submit: delegating.submit,
    buttons: shown.own === null ? [] : [endButton(speech)],
    frame: words.frame,
  };
}

/** Where words open no dialog: how it stands, and the way to one. */
export function delegationMessage(shown: DelegationsShown, speech: Speech): Message {
  const { delegating, button } = speech.words;
  const lines = delegationLines(shown, speech);
  return {
    title: delegating.title,
    tone: 'neutral',
    blocks: [...(shown.own === null ? [delegating.none] : []), ...lines].map((text) => ({ kind: 'text', text })),
    buttons: [{ action: 'delegate', label: button.delegate, target: '', style: 'primary' }, ...(shown.own === null ? [] : [endButton(speech)])],
  };
}

/** A sentence each: who decides in the person's place, and for whom they do. */
export function delegationLines({ own, standsInFor }: DelegationsShown, { words: { delegating }, time }: Speech): readonly string[] {
  return [
    ...(own === null ? [] : [delegating.own(nameIn(own), time(own.from), time(lastMinute(own.until)))]),
    ...standsInFor.map((one) => delegating.standsInFor(nameIn(one), time(one.from), time(lastMinute(one.until)))),
  ];
}

/** To whoever has just passed their say on. */
export function givenWords(standIn: StandInShown, { words: { delegating }, time }: Speech): string {
  return delegating.given(nameIn(standIn), time(standIn.from), time(lastMinute(standIn.until)));
}

function dateField(id: 'first' | 'last', { words: { delegating } }: Speech): Field {
  return { id, ...delegating.field[id], kind: 'date', maxLength: DATE_LENGTH };
}

function endButton({ words }: Speech): Button {
  return { action: 'end-delegation', label: words.delegating.end, target: '' };
}

function nameIn({ name }: { readonly name: string }): string {
  return inertText(name, NAME_LENGTH);
}

function subtle(text: string): Block {
  return { kind: 'text', text, style: 'subtle' };
}
