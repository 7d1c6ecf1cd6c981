// One thing that somebody sees in a case, and how such things are written down.
import type { Field } from '../../src/chat/message.js';
import type { ChatRefusal, Details, Wording } from '../../src/chat/wording.js';

/** In a dialog of its own, or in the chat to one person alone. */
export type Place = 'dialog' | 'chat';

export type Shot =
  /** One thing of the gallery. `to` is needed where the gallery does not say who sees it. */
  | { readonly kind: 'exhibit'; readonly exhibit: string; readonly to?: string }
  /** `at`: the dialog and its field that the sentence stands at, where it stands at one. */
  | { readonly kind: 'refused'; readonly to: string; readonly refusal: ChatRefusal; readonly detail: Details; readonly at?: FieldOf; readonly place: Place }
  | { readonly kind: 'told'; readonly to: string; readonly say: (words: Wording) => string; readonly place: Place };

/** `field` is needed where not the refusal alone decides it. */
export interface FieldOf {
  readonly exhibit: string;
  readonly field?: Field['id'];
}

/** By the name of the picture. */
export type CaseShots = Readonly<Record<string, readonly Shot[]>>;

export const ASKER = 'Who asks';
export const APPROVER = 'Who is asked to approve';
export const AGENT = 'An agent of the helpdesk';
export const DESK = "The helpdesk's channel";
export const SECURITY = "Security's channel";
export const MANAGER = 'The manager';
export const ADMINISTRATOR = 'An administrator';

export function see(exhibit: string, to?: string): Shot {
  return to === undefined ? { kind: 'exhibit', exhibit } : { kind: 'exhibit', exhibit, to };
}

export function hear(to: string, say: (words: Wording) => string, place: Place = 'dialog'): Shot {
  return { kind: 'told', to, say, place };
}

/** In the place of the dialog that was sent, or that would have opened. */
export function no(to: string, refusal: ChatRefusal, detail: Details = {}): Shot {
  return { kind: 'refused', to, refusal, detail, place: 'dialog' };
}

/** In the chat, beside the button that was pressed. */
export function noInChat(to: string, refusal: ChatRefusal, detail: Details = {}): Shot {
  return { kind: 'refused', to, refusal, detail, place: 'chat' };
}

/** At a field of this dialog, which stays open. */
export function noAt(at: string | FieldOf, to: string, refusal: ChatRefusal, detail: Details = {}): Shot {
  return { kind: 'refused', to, refusal, detail, place: 'dialog', at: typeof at === 'string' ? { exhibit: at } : at };
}
