// Slack's limits on what it shows, and how text is cut to fit. One that is exceeded makes Slack refuse the whole view.

/** Characters and counts (docs.slack.dev: "Block Kit", "Modals", "Composition objects", chat.postMessage). */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  headerText: 150,
  sectionText: 3_000,
  fieldText: 2_000,
  sectionFields: 10,
  contextText: 2_000,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  actionId: 255,
  blockId: 255,
  viewTitle: 24,
  viewButton: 24,
  callbackId: 255,
  privateMetadata: 3_000,
  inputLabel: 2_000,
  inputHint: 2_000,
  inputText: 3_000,
  options: 100,
  optionGroups: 100,
  optionText: 75,
  optionValue: 150,
  /** Longer ones are cut by Slack at 40,000; it recommends this. */
  fallbackText: 4_000,
  /** JSON of a whole view, in bytes. */
  view: 250_000,
} as const;

const ELLIPSIS = '…';
const EMPTY = '–';

/** `text` in at most `max` UTF-16 units, never half of a character, and never empty: Slack refuses both. */
export function clip(text: string, max: number): string {
  if (text.trim() === '') return EMPTY;
  if (text.length <= max) return text;
  let cut = '';
  for (const character of text) {
    if (cut.length + character.length + ELLIPSIS.length > max) break;
    cut += character;
  }
  return cut + ELLIPSIS;
}
