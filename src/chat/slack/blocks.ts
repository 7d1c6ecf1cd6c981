// Message and its blocks as Block Kit. Whatever people wrote stands in plain_text alone, which Slack never interprets.
import type {
  ActionsBlock,
  Button as ButtonElement,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  RichTextBlock,
  SectionBlock,
} from '@slack/types';
import type { Block, Button, Message, Tone } from '../message.js';
import { clip, LIMITS } from './limits.js';

/** What chat.postMessage and chat.update take. */
export interface DrawnMessage {
  /** For notifications and screen readers; the blocks are what is shown. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Signs that stand before a title beside the words, which say the same. */
export const TONE_SIGNS: Record<Tone, string> = { neutral: '', waiting: '⏳ ', good: '✅ ', bad: '⛔ ', warning: '⚠️ ' };

export function drawMessage(message: Message): DrawnMessage {
  const blocks = [header(`${TONE_SIGNS[message.tone]}${message.title}`), ...bodyBlocks(message.blocks)];
  const buttons = buttonBlocks(message.buttons);
  return { text: fallback(message), blocks: [...blocks.slice(0, LIMITS.messageBlocks - buttons.length), ...buttons] };
}

/** The blocks of a message or a dialog, in their order. */
export function bodyBlocks(blocks: readonly Block[]): KnownBlock[] {
  return blocks.flatMap(drawBlock);
}

/** None for no buttons: an empty block of actions is refused. */
export function buttonBlocks(buttons: readonly Button[]): ActionsBlock[] {
  const elements = buttons.slice(0, LIMITS.actionsElements).map(buttonElement);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

/** Text as it is: no mentions, no links, no formatting, no emoji codes. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: clip(text, max), emoji: false };
}

export function section(text: string): SectionBlock {
  return { type: 'section', text: plain(text, LIMITS.sectionText) };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, LIMITS.headerText) };
}

function drawBlock(block: Block): KnownBlock[] {
  switch (block.kind) {
    case 'text':
      return [drawText(block)];
    case 'facts':
      return factSections(block.rows);
    case 'steps':
      return [section(block.items.map((item, at) => `${at + 1}. ${item}`).join('\n'))];
    case 'code':
      return [section(block.label), monospace(block.groups), subtle(block.copyLabel), monospace(block.copy)];
    case 'keep':
      return [section(block.label), monospace(block.lines.join('\n'))];
    case 'qr':
      return [subtle(block.instead)];
  }
}

function drawText({ text, style }: Extract<Block, { kind: 'text' }>): KnownBlock {
  if (style === 'subtle') return subtle(text);
  return section(style === 'warning' ? `${TONE_SIGNS.warning}${text}` : text);
}

function subtle(text: string): ContextBlock {
  return { type: 'context', elements: [plain(text, LIMITS.contextText)] };
}

function factSections(rows: readonly { readonly label: string; readonly value: string }[]): SectionBlock[] {
  const fields = rows.map(({ label, value }) => plain(`${label}\n${value}`, LIMITS.fieldText));
  const sections: SectionBlock[] = [];
  for (let at = 0; at < fields.length; at += LIMITS.sectionFields) {
    sections.push({ type: 'section', fields: fields.slice(at, at + LIMITS.sectionFields) });
  }
  return sections;
}

/** For what we made ourselves (responses, keys, codes): the only kind of text that is easy to read off and to copy. */
function monospace(text: string): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: clip(text, LIMITS.sectionText) }] }] };
}

function buttonElement({ action, label, target, style }: Button, at: number): ButtonElement {
  return {
    type: 'button',
    action_id: actionId(action, at),
    text: plain(label, LIMITS.buttonText),
    // Not clipped: half of a target would be another one.
    ...(target === '' || target.length > LIMITS.buttonValue ? {} : { value: target }),
    ...(style === undefined ? {} : { style }),
  };
}

/** Slack wants every id in a block to be another one. */
function actionId(action: Button['action'], at: number): string {
  return `${action}:${at}`;
}

/** The name of the action in an action_id of ours. */
export function actionIn(id: string): string {
  return id.split(':', 1)[0] ?? '';
}

/** Slack interprets this one text, so what could call people or make a link is taken out of it. */
function fallback({ title, blocks }: Message): string {
  const lines = [title, ...blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []))];
  return clip(inertMrkdwn(lines.join(' ')), LIMITS.fallbackText);
}

/** Text for a place that Slack interprets (docs.slack.dev, "Formatting message text": these three are escaped so). */
export function inertMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
