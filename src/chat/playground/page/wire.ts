// What the server and the page say to each other. Types alone: the two are compiled apart.

export interface PersonView {
  readonly id: string;
  readonly name: string;
  /** Directory roles, such as 'manager' and 'helpdesk': they choose who stands in which pane at first. */
  readonly roles: readonly string[];
}

/** An Adaptive Card as JSON, for Microsoft's renderer. */
export type Drawing = object;

export interface BotMessageView {
  readonly kind: 'bot';
  readonly id: string;
  readonly at: string;
  readonly edited: boolean;
  readonly title: string;
  readonly drawing: Drawing;
}

export interface WordsView {
  readonly kind: 'words';
  readonly id: string;
  readonly at: string;
  readonly text: string;
}

export type FeedItem = BotMessageView | WordsView;

/** What may be seen of a simulated card from outside. */
export interface CardView {
  readonly serial: string;
  readonly label: string;
  readonly holderId: string;
  /** What resets its PIN. */
  readonly wants: 'response' | 'puk';
  readonly blocked: boolean;
  readonly pinTriesLeft: number;
  readonly refusedResponses: number;
  /** Groups of four, or null: the card has no challenge outstanding. */
  readonly challenge: string | null;
}

export interface CardReply {
  readonly card: CardView;
  readonly good: boolean;
  readonly says: string;
}

export interface TrailView {
  /** Newest first, the latest few; a line holds nothing secret, its time is ISO 8601. */
  readonly entries: readonly { readonly at: string; readonly text: string }[];
  /** Entries in the audit tree, and its root as text, or null before the first is sequenced. */
  readonly size: number;
  readonly root: string | null;
}

export interface World {
  readonly people: readonly PersonView[];
  readonly places: Readonly<Record<string, readonly FeedItem[]>>;
  readonly cards: readonly CardView[];
  readonly trail: TrailView;
}

export type WorldPart = keyof World;

export interface CodeView {
  readonly personId: string;
  readonly name: string;
  /** An authenticator that is being set up beside the one in use. */
  readonly isNew: boolean;
  readonly code: string;
  readonly secondsLeft: number;
}

export interface FormView {
  readonly title: string;
  readonly drawing: Drawing;
  readonly fields: readonly { readonly id: string; readonly oneTimeCode: boolean; readonly required: boolean }[];
  /** Texts to copy, and the id of the element in the drawing that each belongs to. */
  readonly copies: readonly { readonly elementId: string; readonly label: string; readonly text: string }[];
  /** When the page must empty it, counted from now, so that the two clocks need not agree. */
  readonly emptyInMs: number | null;
}

export type ReplyView =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'message'; readonly id: string; readonly drawing: Drawing }
  | { readonly kind: 'form'; readonly form: FormView }
  | { readonly kind: 'field-errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'done'; readonly say: string | null };

export interface Problem {
  readonly error: string;
}
