// Block Kit as HTML, much as a phone shows it: for the pictures in docs/slack.md alone.
import type { ActionsBlock, ContextBlock, HomeView, InputBlock, KnownBlock, ModalView, PlainTextElement, RichTextBlock, SectionBlock } from '@slack/types';
import { escapeHtml } from '../support/pictures.js';

export function messageHtml(blocks: readonly KnownBlock[]): string {
  return `<div class="message"><div class="avatar">C</div><div class="posted"><div class="by"><b>Countersign</b> <span class="app">APP</span> <span class="time">09:05</span></div>${blocks.map((block) => blockHtml(block)).join('')}</div></div>`;
}

export function homeHtml({ blocks }: Pick<HomeView, 'blocks'>): string {
  return `<div class="home"><div class="tabs"><span class="tab on">Home</span><span class="tab">Messages</span><span class="tab">About</span></div><div class="body">${blocks.map((block) => blockHtml(asKnown(block))).join('')}</div></div>`;
}

/** `errors` by the field that each stands at. */
export function modalHtml({ title, submit, close, blocks }: ModalView, errors: Readonly<Record<string, string>> = {}): string {
  const send = `<span class="send">${escapeHtml(submit?.text ?? '')}</span>`;
  return `<div class="modal"><div class="bar"><span class="close">${escapeHtml(close?.text ?? '')}</span><b>${escapeHtml(title.text)}</b>${send}</div><div class="body">${blocks.map((block) => blockHtml(asKnown(block), errors)).join('')}</div></div>`;
}

/** What Slack shows to one person alone, beside the button that they pressed. */
export function whisperHtml(sentence: string): string {
  return `<div class="whisper"><p class="context">👁 Only visible to you</p>${messageHtml([{ type: 'section', text: { type: 'plain_text', text: sentence, emoji: false } }])}</div>`;
}

type ViewBlock = ModalView['blocks'][number];

/** Throws for a block that we do not draw, which the types allow in a view. */
function asKnown(block: ViewBlock): KnownBlock {
  const { type } = block;
  if (type === 'header' || type === 'section' || type === 'context' || type === 'actions' || type === 'rich_text' || type === 'input') return block as KnownBlock;
  throw new Error(`there is no picture of a block ${type}`);
}

function blockHtml(block: KnownBlock, errors: Readonly<Record<string, string>> = {}): string {
  switch (block.type) {
    case 'header':
      return `<h1>${escapeHtml(block.text.text)}</h1>`;
    case 'section':
      return sectionHtml(block);
    case 'context':
      return `<p class="context">${contextTexts(block).map(escapeHtml).join(' ')}</p>`;
    case 'actions':
      return `<div class="actions">${buttonsHtml(block)}</div>`;
    case 'rich_text':
      return `<pre>${escapeHtml(preformatted(block))}</pre>`;
    case 'input':
      return inputHtml(block, errors[block.block_id?.split('.')[0] ?? '']);
    default:
      throw new Error(`there is no picture of a block ${block.type}`);
  }
}

function sectionHtml({ text, fields = [] }: SectionBlock): string {
  const cells = fields.map((field) => `<div>${escapeHtml(field.text)}</div>`).join('');
  return `${text === undefined ? '' : `<p>${escapeHtml(text.text)}</p>`}${cells === '' ? '' : `<div class="fields">${cells}</div>`}`;
}

function contextTexts({ elements }: ContextBlock): readonly string[] {
  return elements.flatMap((element) => (element.type === 'plain_text' ? [element.text] : []));
}

function buttonsHtml({ elements }: ActionsBlock): string {
  return elements.map((element) => (element.type === 'button' ? `<span class="button ${element.style ?? ''}">${escapeHtml(element.text.text)}</span>` : '')).join('');
}

function preformatted({ elements }: RichTextBlock): string {
  return elements.flatMap((part) => (part.type === 'rich_text_preformatted' ? part.elements : [])).map((element) => (element.type === 'text' ? element.text : '')).join('');
}

function inputHtml({ label, hint, optional, element }: InputBlock, error?: string): string {
  const note = optional === true ? ' <span class="optional">(optional)</span>' : '';
  const under = hint === undefined ? '' : `<div class="hint">${escapeHtml(hint.text)}</div>`;
  const below = error === undefined ? under : `<div class="error">${escapeHtml(error)}</div>`;
  return `<div class="input${error === undefined ? '' : ' wrong'}"><label>${escapeHtml(label.text)}${note}</label>${elementHtml(element)}${below}</div>`;
}

function elementHtml(element: InputBlock['element']): string {
  switch (element.type) {
    case 'plain_text_input':
      return `<div class="box${element.multiline === true ? ' lines' : ''}">${escapeHtml(element.initial_value ?? '')}</div>`;
    case 'static_select':
      return `<div class="box select">${escapeHtml(textOf(element.initial_option?.text) ?? 'Select an option')}</div>`;
    case 'datepicker':
      return `<div class="box select">${escapeHtml(element.initial_date ?? 'Select a date')}</div>`;
    case 'users_select':
      return '<div class="box select">Select a person</div>';
    case 'datepicker':
      return `<div class="box select">${escapeHtml(element.initial_date ?? 'Select a date')}</div>`;
    default:
      throw new Error(`there is no picture of an element ${element.type}`);
  }
}

function textOf(text: PlainTextElement | { readonly text: string } | undefined): string | null {
  return text?.text ?? null;
}

/** Close to Slack's own colours and sizes on a phone. */
export const BLOCK_KIT_STYLE = `
  .message { display: flex; gap: 10px; padding: 14px; }
  .avatar { flex: none; width: 38px; height: 38px; border-radius: 8px; background: #1d3557; color: #fff; font: 700 20px/38px sans-serif; text-align: center; }
  .posted { min-width: 0; flex: 1; }
  .by { margin-bottom: 2px; }
  .app { font-size: 10px; color: #616061; background: #e8e8e8; border-radius: 3px; padding: 1px 3px; }
  .time { font-size: 12px; color: #616061; }
  h1 { font-size: 18px; line-height: 24px; margin: 4px 0 8px; overflow-wrap: anywhere; }
  p { margin: 0 0 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
  .context { font-size: 13px; line-height: 18px; color: #616061; }
  .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 12px; margin: 0 0 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
  .button { border: 1px solid #b9b9b9; border-radius: 6px; padding: 7px 12px; font-weight: 700; font-size: 14px; }
  .button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
  .button.danger { border-color: #d72b3f; color: #d72b3f; }
  pre { margin: 0 0 8px; padding: 8px; background: #f6f6f6; border: 1px solid #dcdcdc; border-radius: 4px; font: 14px/21px "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
  .bar { display: flex; justify-content: space-between; align-items: center; gap: 8px; padding: 14px; border-bottom: 1px solid #dcdcdc; }
  .bar .close, .bar .send { flex: none; min-width: 40px; font-size: 14px; color: #616061; }
  .bar .send { color: #007a5a; font-weight: 700; }
  .body { padding: 14px; }
  .input { margin: 0 0 14px; }
  label { font-weight: 700; }
  .optional, .hint { font-weight: 400; font-size: 13px; color: #616061; }
  .box { margin: 6px 0 4px; min-height: 38px; border: 1px solid #919191; border-radius: 6px; padding: 7px 10px; overflow-wrap: anywhere; }
  .box.lines { min-height: 70px; }
  .box.select::after { content: "▾"; float: right; color: #616061; }
  .error { font-size: 13px; line-height: 18px; color: #b3152b; }
  .wrong .box { border-color: #d72b3f; box-shadow: 0 0 0 1px #d72b3f; }
  .whisper { background: #f8f8f8; } .whisper > .context { margin: 0; padding: 8px 14px 0; }
  .tabs { display: flex; gap: 18px; padding: 12px 14px 0; border-bottom: 1px solid #dcdcdc; color: #616061; }
  .tab { padding-bottom: 8px; }
  .tab.on { color: #1d1c1d; font-weight: 700; border-bottom: 2px solid #1d3557; }
`;
