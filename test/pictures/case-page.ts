// The page of one case: what each person sees in it, one below the other, each with their name.
import type { Reply } from '../../src/chat/event.js';
import { sentenceView } from '../../src/chat/slack/dialog-view.js';
import { refused, sentenceOf } from '../../src/chat/replies.js';
import { refuse } from '../../src/lib/refusal.js';
import { DIALOGS, type FormExhibit, type MessageExhibit, MESSAGES, VIEWER_WORDS } from '../support/gallery.js';
import { escapeHtml, pageHtml } from '../support/pictures.js';
import type { Shot } from '../support/shots.js';
import { BLOCK_KIT_STYLE, modalHtml, whisperHtml } from './block-kit.js';
import { exhibitHtml, PICTURE_SPEECH } from './exhibit.js';

const EXHIBITS: ReadonlyMap<string, MessageExhibit | FormExhibit> = new Map([...MESSAGES, ...DIALOGS].map((exhibit) => [exhibit.id, exhibit]));

const STYLE = `${BLOCK_KIT_STYLE}
  .to { padding: 5px 14px; background: #1d3557; color: #fff; font-size: 13px; line-height: 18px; }
`;

export function casePage(shots: readonly Shot[]): string {
  const drawn = shots.map((shot, at) => `<div class="to">${escapeHtml(captionOf(shot))}</div>${shotHtml(shot, shots.slice(0, at))}`);
  return pageHtml(drawn.join(''), STYLE);
}

/** Throws for what the gallery does not have. */
export function exhibitNamed(id: string): MessageExhibit | FormExhibit {
  const exhibit = EXHIBITS.get(id);
  if (exhibit === undefined) throw new Error(`the gallery has no ${id}`);
  return exhibit;
}

function captionOf(shot: Shot): string {
  if (shot.kind !== 'exhibit') return shot.to;
  if (shot.to !== undefined) return shot.to;
  const { request } = exhibitNamed(shot.exhibit);
  if (request === undefined) throw new Error(`say who sees ${shot.exhibit}`);
  return VIEWER_WORDS[request.viewer];
}

/** Of a dialog that was shown before, the field with the sentence is enough. */
function shotHtml(shot: Shot, before: readonly Shot[]): string {
  if (shot.kind === 'exhibit') return exhibitHtml(exhibitNamed(shot.exhibit));
  if (shot.kind === 'told') return sentenceHtml(shot.say(PICTURE_SPEECH.words), shot.place);
  const reply = refused(refuse(shot.refusal, shot.detail), PICTURE_SPEECH);
  const { at } = shot;
  if (at === undefined) {
    if (reply.kind === 'field-errors') throw new Error(`say in which dialog ${shot.refusal} stands`);
    return sentenceHtml(sentenceOf(reply), shot.place);
  }
  const errors = at.field === undefined ? errorsIn(reply) : { [at.field]: sentenceOf(reply) };
  return exhibitHtml(exhibitNamed(at.exhibit), errors, before.some((earlier) => dialogOf(earlier) === at.exhibit));
}

function errorsIn(reply: Reply): Readonly<Record<string, string>> {
  if (reply.kind !== 'field-errors') throw new Error(`say at which field it stands: ${sentenceOf(reply)}`);
  return reply.errors;
}

function dialogOf(shot: Shot): string | undefined {
  if (shot.kind === 'exhibit') return shot.exhibit;
  return shot.kind === 'refused' ? shot.at?.exhibit : undefined;
}

function sentenceHtml(sentence: string, place: 'dialog' | 'chat'): string {
  return place === 'chat' ? whisperHtml(sentence) : modalHtml(sentenceView(sentence, PICTURE_SPEECH.words));
}
