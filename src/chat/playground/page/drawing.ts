// Draws an Adaptive Card with Microsoft's own renderer, in the page's colours.
import type * as Renderer from 'adaptivecards';
import type { Drawing } from './wire.js';

/** The renderer's own script (adaptivecards.min.js) puts it there. */
declare const AdaptiveCards: typeof Renderer;

/** A button's data. */
export type Pressed = Readonly<Record<string, unknown>>;

export interface Drawn {
  readonly element: HTMLElement;
  readonly card: Renderer.AdaptiveCard;
}

/** How the ids begin that the renderer makes up, and ties labels to inputs with. */
const RENDERER_ID = '__ac-';

/** Colours are the style sheet's variables, so that light and dark change without drawing again. */
const HOST_CONFIG = {
  fontFamily: 'inherit',
  fontTypes: {
    default: { fontFamily: 'inherit', fontSizes: fontSizes(), fontWeights: fontWeights() },
    monospace: { fontFamily: 'var(--mono)', fontSizes: fontSizes(), fontWeights: fontWeights() },
  },
  spacing: { small: 4, default: 10, medium: 14, large: 18, extraLarge: 24, padding: 14 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  supportsInteractivity: true,
  containerStyles: {
    default: containerStyle('transparent'),
    emphasis: containerStyle('var(--tone-neutral)'),
    accent: containerStyle('var(--tone-waiting)'),
    good: containerStyle('var(--tone-good)'),
    attention: containerStyle('var(--tone-bad)'),
    warning: containerStyle('var(--tone-warning)'),
  },
  actions: {
    // The renderer drops what is beyond: more than any message has.
    maxActions: 12,
    spacing: 'medium',
    buttonSpacing: 8,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    allowTitleToWrap: true,
  },
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', size: 'small', suffix: '', color: 'default' },
      optionalInputs: { weight: 'bolder', size: 'small', color: 'default' },
    },
  },
};

/** Draws the card; `onPress` is told of every button. */
export function draw(drawing: Drawing, onPress: (pressed: Pressed) => void): Drawn {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(HOST_CONFIG);
  card.onExecuteAction = (action) => {
    if (action instanceof AdaptiveCards.SubmitAction && isRecord(action.data)) onPress(action.data);
  };
  card.parse(drawing);
  const element = card.render() ?? document.createElement('div');
  // Its own elements' ids would repeat from card to card, and the card itself is nothing to stop at with the Tab key.
  for (const named of element.querySelectorAll(`[id]:not([id^="${RENDERER_ID}"])`)) named.removeAttribute('id');
  element.removeAttribute('tabindex');
  // The page says itself which field is missing, at the field and to screen readers.
  for (const input of card.getAllInputs()) input.isRequired = false;
  return { element, card };
}

function fontSizes(): object {
  return { small: 13, default: 14, medium: 15, large: 18, extraLarge: 21 };
}

function fontWeights(): object {
  return { lighter: 300, default: 400, bolder: 600 };
}

function containerStyle(backgroundColor: string): object {
  const foregroundColors = {
    default: { default: 'var(--ink)', subtle: 'var(--ink-soft)' },
    warning: { default: 'var(--ink-warning)', subtle: 'var(--ink-warning)' },
    attention: { default: 'var(--ink-bad)', subtle: 'var(--ink-bad)' },
  };
  return { backgroundColor, foregroundColors };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
