// Microsoft's own card parser, as a judge of every card that a test sees.
import { createRequire } from 'node:module';
import type * as Renderer from 'adaptivecards';

// The package's main entry does not load in Node; its browser bundle does, once `self` is there.
Object.assign(globalThis, { self: globalThis });
export const officialPackage = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js') as typeof Renderer;
const { ActionMode, AdaptiveCard, HostConfig, SerializationContext, Versions } = officialPackage;

/** Buttons beside one another in Teams; those beyond stand in a menu, and are not counted. */
const BUTTONS_SHOWN = 6;

/** What the parser, set to version 1.5 as Teams has it, says against a card; nothing for a good one. */
export function complaintsOf(card: unknown): readonly string[] {
  const context = new SerializationContext(Versions.v1_5);
  const parsed = new AdaptiveCard();
  parsed.parse(JSON.parse(JSON.stringify(card)), context);
  const inMenu = Array.from({ length: parsed.getActionCount() }, (_, at) => parsed.getActionAt(at)).filter((action) => action?.mode === ActionMode.Secondary);
  parsed.hostConfig = new HostConfig({ actions: { maxActions: BUTTONS_SHOWN + inMenu.length } });
  const { validationEvents } = parsed.validateProperties();
  return [...Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message), ...validationEvents.map(({ message }) => message)];
}
