// Message and Form as Teams gets them: the shared Adaptive Cards, with actions in Teams' own ways.
import { qrPng } from '../../lib/qr.js';
import { type AdaptiveCard, type CardElement, formCard, messageCard, type SubmitAction } from '../adaptive-card.js';
import type { ActionName, Block, Button, Form, Message } from '../message.js';
import type { OutgoingActivity } from './connector.js';

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
/** A card with more than this in JSON may be refused (learn.microsoft.com, "Designing Adaptive Cards", gives 28 KB). */
export const CARD_BYTES = 28_000;
/** What the refresh, its people and the actions' own forms may add to the shared card. */
const ROOM_BYTES = 8_000;
/** So many people at most see a card in their own way (learn.microsoft.com, "User-specific views"). */
export const REFRESHED_PEOPLE = 60;
const SUMMARY_LENGTH = 160;
/** Further buttons go into the card's menu (learn.microsoft.com, "Overflow menu on Adaptive Cards"). */
export const BUTTONS_SHOWN = 6;

/** These act at once; every other button opens a dialog. */
export const AT_ONCE: readonly ActionName[] = ['cancel', 'it-worked'];

export const PRESS_VERB = 'press';
export const REFRESH_VERB = 'refresh';

/** A button that opens a dialog (`task/fetch`). */
interface FetchAction extends Omit<SubmitAction, 'data'> {
  readonly data: SubmitAction['data'] & { readonly msteams: { readonly type: 'task/fetch' } };
}

/** A button that acts at once, and the card's own asking for its newest state. */
interface ExecuteAction extends Omit<SubmitAction, 'type' | 'data'> {
  readonly type: 'Action.Execute';
  readonly verb: string;
  readonly data: unknown;
  /** For clients that know no Action.Execute. */
  readonly fallback?: FetchAction;
}

export interface Refresh {
  readonly action: ExecuteAction;
  readonly userIds: readonly string[];
}

/** Finds people of the tenant by name, and gives an Entra object id (learn.microsoft.com, "People Picker in Adaptive Cards"). */
interface PeoplePicker {
  readonly type: 'Input.ChoiceSet';
  readonly id: string;
  readonly label: string;
  readonly isRequired: boolean;
  readonly errorMessage?: string;
  readonly choices: readonly [];
  readonly 'choices.data': { readonly type: 'Data.Query'; readonly dataset: 'graph.microsoft.com/users' };
}

type TeamsAction = (SubmitAction | FetchAction | ExecuteAction) & { readonly mode?: 'secondary' };

export interface TeamsCard extends Omit<AdaptiveCard, 'actions' | 'body'> {
  readonly body: readonly (CardElement | PeoplePicker)[];
  readonly actions: readonly TeamsAction[];
  readonly refresh?: Refresh;
}

/** A message with its buttons, as the one person sees it who may press them. */
export function drawMessage(message: Message): TeamsCard {
  const card = messageCard(fitting(message));
  const actions = card.actions.map(toTeams).map((action, at): TeamsAction => (at < BUTTONS_SHOWN ? action : { ...action, mode: 'secondary' }));
  return { ...card, actions };
}

/**
 * A message in a channel: without buttons. Those named (what Teams calls them, 60 at most) get a card of their own in
 * its place, which Teams asks us for.
 */
export function drawForChannel(message: Message, memberIds: readonly string[]): TeamsCard {
  const target = message.buttons.find((button) => button.target !== '')?.target;
  const card = drawMessage({ ...message, buttons: [] });
  return target === undefined || memberIds.length === 0 ? card : { ...card, refresh: refreshOf(target, memberIds) };
}

/** The card that one person sees in the place of the channel's. */
export function drawForMember(message: Message, target: string, memberId: string): TeamsCard {
  return { ...drawMessage(message), refresh: refreshOf(target, [memberId]) };
}

/** What a dialog is drawn from once more: it goes along with what is sent, through the client and the platform. */
export interface Echo extends Pick<Form, 'title' | 'blocks' | 'fields' | 'submit'> {
  /** It showed what may stand in one answer alone (a seed), and is drawn again without its blocks. */
  readonly onceOnly: boolean;
}

/**
 * A dialog, with notes between its blocks and its fields. What it shows goes along with what is sent, so that it can be
 * shown again when something in it is refused; the notes do not, and nothing secret does.
 */
export function drawForm(form: Form, { notes = [], onceOnly = form.blocks.some(isSecret) }: Again = {}): TeamsCard {
  const card = formCard({ ...form, blocks: [...form.blocks, ...notes] }, qrPng);
  const drawn: TeamsCard = { ...card, body: card.body.map((element) => toPicker(element, form)) };
  const { title, blocks, fields, submit } = form;
  const echo: Echo = { title, blocks: onceOnly ? [] : blocks, fields, submit, onceOnly };
  const actions = card.actions.map((action) => (action.data.kind === 'submitted' ? { ...action, data: { ...action.data, echo } } : action));
  // A dialog too large to carry itself is ended by an error in it.
  return bytesOf({ ...drawn, actions }) > CARD_BYTES ? drawn : { ...drawn, actions };
}

interface Again {
  readonly notes?: readonly Block[];
  readonly onceOnly?: boolean;
}

function isSecret({ kind }: Block): boolean {
  return kind === 'qr' || kind === 'code' || kind === 'keep';
}

export function toActivity(card: TeamsCard, summary: string): OutgoingActivity {
  return { type: 'message', summary: Array.from(summary).slice(0, SUMMARY_LENGTH).join(''), attachments: [{ contentType: CARD_TYPE, content: card }] };
}

function toPicker(element: CardElement, { fields }: Form): CardElement | PeoplePicker {
  if (element.type !== 'Input.Text' || !fields.some(({ id, kind }) => id === element.id && kind === 'person')) return element;
  const { id, label, isRequired, errorMessage } = element;
  const input = { id, label, isRequired, ...(errorMessage === undefined ? {} : { errorMessage }) };
  return { type: 'Input.ChoiceSet', ...input, choices: [], 'choices.data': { type: 'Data.Query', dataset: 'graph.microsoft.com/users' } };
}

function toTeams(action: SubmitAction): FetchAction | ExecuteAction {
  const { data, title, style, associatedInputs } = action;
  const fetch: FetchAction = { ...action, data: { ...data, msteams: { type: 'task/fetch' } } };
  if (data.kind !== 'pressed' || !AT_ONCE.some((name) => name === data.action)) return fetch;
  return {
    type: 'Action.Execute',
    title,
    verb: PRESS_VERB,
    data,
    ...(style === undefined ? {} : { style }),
    ...(associatedInputs === undefined ? {} : { associatedInputs }),
    fallback: fetch,
  };
}

function refreshOf(target: Button['target'], memberIds: readonly string[]): Refresh {
  return {
    action: { type: 'Action.Execute', title: 'Refresh', verb: REFRESH_VERB, data: { target } },
    userIds: memberIds.slice(0, REFRESHED_PEOPLE),
  };
}

/** Without its last blocks, where all of them would make the card too large. */
function fitting(message: Message): Message {
  let blocks: readonly Block[] = message.blocks;
  while (blocks.length > 0 && bytesOf(messageCard({ ...message, blocks })) > CARD_BYTES - ROOM_BYTES) blocks = blocks.slice(0, -1);
  return { ...message, blocks };
}

function bytesOf(card: AdaptiveCard | TeamsCard): number {
  return Buffer.byteLength(JSON.stringify(card));
}
