// What Teams shows, for docs/teams.md: every card and dialog in the official renderer, in a frame like that of Teams' client.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { languagesWith } from '../../src/chat/languages.js';
import { drawForChannel, drawForm, drawForMember, drawMessage, type TeamsCard } from '../../src/chat/teams/cards.js';
import { DIALOGS, GALLERY_NOW, MESSAGES, type MessageExhibit } from '../support/gallery.js';
import { escapeHtml, pageHtml, PHONE_WIDTH } from '../support/pictures.js';

export const PICTURES_FOLDER = 'docs/pictures/teams';
/** In points: a phone, and a window on a desk. */
export const WIDTHS = { phone: PHONE_WIDTH, desktop: 800 } as const;
export type Width = keyof typeof WIDTHS;

export interface Picture {
  readonly id: string;
  readonly about: string;
  readonly title: string | null;
  readonly card: TeamsCard;
}

const speech = languagesWith('en', 'UTC', () => GALLERY_NOW).byDefault;
/** Of a request in the helpdesk's channel, one reader sees a copy of their own. */
const OWN_COPY = 'channel-awaiting-approval';

/** Teams has no page of the bot's own, as Slack has: its welcome is a card. */
export const PICTURES: readonly Picture[] = [...MESSAGES.filter(({ pictured, place }) => pictured && place !== 'home').flatMap(posted), ...DIALOGS.filter(({ pictured }) => pictured).map(({ id, about, draw }) => {
  const form = draw(speech);
  return { id, about, title: form.title, card: drawForm(form) };
})];

function posted({ id, about, request, draw }: MessageExhibit): readonly Picture[] {
  const message = draw(speech);
  if (request?.viewer !== 'channel') return [{ id, about, title: null, card: drawMessage(message) }];
  const shared: Picture = { id, about, title: null, card: drawForChannel(message, ['29:sam']) };
  if (id !== OWN_COPY) return [shared];
  return [shared, { id: `${id}-own`, about: "The helpdesk's channel: the same, as its agents see it", title: null, card: drawForMember(message, 'request-1', '29:sam') }];
}

export function pathOf(id: string, width: Width): string {
  return `${PICTURES_FOLDER}/${id}-${width}.png`;
}

/** One row each, as docs/teams.md has it. */
export function tableRows(): readonly string[] {
  return PICTURES.map(({ id, about }) => `| ${about} | ${(['phone', 'desktop'] as const).map((width) => `[${width}](${pathOf(id, width).replace('docs/', '')})`).join(', ')} |`);
}

const RENDERER = readFileSync(createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js'), 'utf8');

/** A page with nothing but this card, drawn when it is loaded. */
export function pageOf({ title, card }: Picture): string {
  const head = title === null ? '<div class="who"><i>C</i><b>Countersign</b> <span>09:05</span></div>' : `<div class="bar"><b>${escapeHtml(title)}</b><span>✕</span></div>`;
  const frame = title === null ? 'message' : 'dialog';
  const script = `{ const card = new AdaptiveCards.AdaptiveCard(); card.hostConfig = new AdaptiveCards.HostConfig(${inScript(HOST)}); card.parse(${inScript(known(card))}); document.getElementById('card').appendChild(card.render()); }`;
  return pageHtml(`<div class="${frame}">${head}<div id="card"></div></div><script>${RENDERER.replaceAll('</script', String.raw`<\/script`)}</script><script>${script}</script>`, STYLE);
}

/** The renderer knows no picker of people. */
function known(card: TeamsCard): unknown {
  return JSON.parse(JSON.stringify(card), (key, value: unknown) => {
    if (key === 'choices.data') return undefined;
    return key === 'choices' && Array.isArray(value) && value.length === 0 ? [{ title: 'Search for people', value: 'nobody' }] : value;
  });
}

function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

const INK = { default: { default: '#242424', subtle: '#616161' }, warning: { default: '#8a3707', subtle: '#8a3707' }, attention: { default: '#b10e1c', subtle: '#b10e1c' }, good: { default: '#0e700e', subtle: '#0e700e' } };
const ground = (backgroundColor: string) => ({ backgroundColor, foregroundColors: INK });
const sizes = { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 };

/** Colours and sizes about those of Teams in its light theme. */
const HOST = {
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
  fontTypes: {
    default: { fontFamily: '"Noto Sans", "DejaVu Sans", sans-serif', fontSizes: sizes, fontWeights: { lighter: 300, default: 400, bolder: 700 } },
    monospace: { fontFamily: '"DejaVu Sans Mono", monospace', fontSizes: sizes, fontWeights: { lighter: 300, default: 400, bolder: 700 } },
  },
  containerStyles: { default: ground('#ffffff'), emphasis: ground('#f0f0f0'), accent: ground('#dfe3f8'), good: ground('#def3de'), attention: ground('#fde0e2'), warning: ground('#fdefd5') },
  inputs: { label: { inputSpacing: 4, requiredInputs: { size: 'Default', suffix: ' *', suffixColor: 'Attention' }, optionalInputs: { size: 'Default' } } },
  actions: { maxActions: 6, spacing: 'Default', buttonSpacing: 8, actionsOrientation: 'Horizontal', actionAlignment: 'Left' },
};

const STYLE = `
body { background: #f5f5f5; padding: 12px; font-size: 14px; line-height: 20px; }
.message { padding-left: 44px; position: relative; }
.who { margin-bottom: 4px; font-size: 12px; } .who span { color: #616161; }
.who i { position: absolute; left: 0; top: 0; width: 32px; height: 32px; border-radius: 6px; background: #1f4e79; color: #fff; font: bold 18px/32px sans-serif; text-align: center; }
.message #card { border: 1px solid #d1d1d1; border-radius: 8px; overflow: hidden; background: #fff; max-width: 640px; }
.dialog { max-width: 600px; margin: 0 auto; border: 1px solid #d1d1d1; border-radius: 8px; background: #fff; }
.bar { display: flex; justify-content: space-between; gap: 12px; padding: 16px 16px 0; font-size: 18px; line-height: 24px; } .bar span { color: #616161; }
.ac-input { width: 100%; border: 1px solid #d1d1d1; border-bottom-color: #616161; border-radius: 4px; padding: 6px 8px; font: inherit; background: #fff; color: inherit; }
/* Teams puts what does not fit into the next line; the renderer by itself would cut its words. */
.ac-actionSet, .ac-actionSet > div { flex-wrap: wrap; row-gap: 8px; }
.ac-pushButton { border: 1px solid #d1d1d1; border-radius: 4px; background: #fff; padding: 6px 12px; font: bold 14px/20px "Noto Sans", "DejaVu Sans", sans-serif; color: #242424; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ac-pushButton.style-positive { background: #4f52b2; border-color: #4f52b2; color: #fff; } .ac-pushButton.style-destructive { color: #b10e1c; border-color: #b10e1c; }
`;
