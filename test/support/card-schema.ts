// A strict JSON schema for Adaptive Cards 1.5, made from what the official package itself says of every property: its name,
// its type, and the version that brought it. The package's own parser passes over names that it does not know; this does not.
import { Ajv, type ValidateFunction } from 'ajv';
import type * as Renderer from 'adaptivecards';
import { z } from 'zod';
import { officialPackage } from './official-card.js';

const { Versions, GlobalRegistry } = officialPackage;
type Schema = Readonly<Record<string, unknown>>;

const VERSION = Versions.v1_5;
/** Its names, and its numbers the other way round. */
const enumNames = z.record(z.string(), z.unknown());

/** What the package reads by hand, so that its list of properties does not name it. */
const CHILDREN: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  AdaptiveCard: { body: arrayOf('element'), actions: arrayOf('action') },
  Container: { items: arrayOf('element') },
  ColumnSet: { columns: { type: 'array', items: { $ref: '#/$defs/Column' } } },
  Column: { items: arrayOf('element') },
  RichTextBlock: { inlines: { type: 'array', items: { $ref: '#/$defs/TextRun' } } },
};

/** Where the specification asks for more than the package insists on. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ['version', 'body'],
  Container: ['items'],
  ColumnSet: ['columns'],
  Column: ['items'],
  RichTextBlock: ['inlines'],
  TextRun: ['text'],
  Image: ['url', 'altText'],
  'Input.Text': ['id', 'label'],
  'Input.Date': ['id', 'label'],
  'Input.ChoiceSet': ['id', 'label', 'choices'],
  'Action.Submit': ['title', 'data'],
  'Action.Execute': ['title', 'verb', 'data'],
};

/** A card has these from the container that the package builds it on; the specification gives it none of them. */
const NOT_OF_A_CARD = ['id', 'requires', 'isVisible', 'separator', 'height', 'horizontalAlignment', 'spacing', 'style', 'bleed'];

/** Properties with a reader of their own in the package. */
const CUSTOM: Readonly<Record<string, Schema>> = {
  $schema: { type: 'string' },
  version: { const: '1.5' },
  width: { anyOf: [{ type: 'number' }, { enum: ['auto', 'stretch'] }, { type: 'string', pattern: String.raw`^\d+px$` }] },
  height: { anyOf: [{ enum: ['auto', 'stretch'] }, { type: 'string', pattern: String.raw`^\d+px$` }] },
  associatedInputs: { enum: ['auto', 'none'] },
  data: { type: 'object' },
  refresh: { $ref: '#/$defs/Refresh' },
  choices: { type: 'array', items: { $ref: '#/$defs/Choice' } },
};

/** Tells whether a card is one, and has nothing in it that version 1.5 does not know. */
export function cardSchema(): ValidateFunction {
  const elements = registered(GlobalRegistry.elements);
  const actions = registered(GlobalRegistry.actions);
  const defs = {
    ...Object.fromEntries([...elements, ...actions].map((one) => [one.getJsonTypeName(), typed(one)])),
    Column: typed(new officialPackage.Column()),
    TextRun: typed(new officialPackage.TextRun()),
    AdaptiveCard: typed(new officialPackage.AdaptiveCard(), NOT_OF_A_CARD),
    Choice: strict(propertiesOf(new officialPackage.Choice()), ['title', 'value']),
    Refresh: strict({ ...propertiesOf(new officialPackage.RefreshDefinition()), action: { $ref: '#/$defs/Action.Execute' } }, ['action', 'userIds']),
    element: oneOf(elements),
    action: oneOf(actions),
  };
  return new Ajv({ discriminator: true, allowUnionTypes: true }).compile({ $ref: '#/$defs/AdaptiveCard', $defs: defs });
}

function registered<T extends Renderer.CardObject>(registry: Renderer.CardObjectRegistry<T>): readonly T[] {
  return Array.from({ length: registry.getItemCount() }, (_, at) => registry.getItemAt(at))
    .flatMap(({ typeName }) => registry.createInstance(typeName, VERSION) ?? []);
}

function typed(one: Renderer.CardObject, without: readonly string[] = []): Schema {
  const name = one.getJsonTypeName();
  const own = Object.entries(propertiesOf(one)).filter(([property]) => !without.includes(property));
  const fallback = name.startsWith('Action.') ? 'action' : 'element';
  const properties = { ...Object.fromEntries(own), type: { const: name }, fallback: { anyOf: [{ const: 'drop' }, { $ref: `#/$defs/${fallback}` }] }, ...CHILDREN[name] };
  return strict(properties, ['type', ...(REQUIRED[name] ?? [])]);
}

function strict(properties: Schema, required: readonly string[]): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}

function propertiesOf(one: Renderer.SerializableObject): Readonly<Record<string, Schema>> {
  const schema = one.getSchema();
  const known = Array.from({ length: schema.getCount() }, (_, at) => schema.getItemAt(at)).filter(({ targetVersion }) => targetVersion.compareTo(VERSION) <= 0);
  return Object.fromEntries(known.map((property) => [property.name, valueOf(property)]));
}

function valueOf(property: Renderer.PropertyDefinition): Schema {
  const { name } = property;
  if (property instanceof officialPackage.EnumProperty) return { enum: Object.keys(enumNames.parse(property.enumType)).filter((key) => !/^\d/.test(key)).map(lowerFirst) };
  if (property instanceof officialPackage.ValueSetProperty) return { enum: property.values.filter(({ targetVersion = VERSION }) => targetVersion.compareTo(VERSION) <= 0).map(({ value }) => value) };
  if (name in CUSTOM) return CUSTOM[name] ?? {};
  if (property instanceof officialPackage.BoolProperty) return { type: 'boolean' };
  if (property instanceof officialPackage.NumProperty) return { type: 'number' };
  if (property instanceof officialPackage.StringArrayProperty) return { type: 'array', items: { type: 'string' } };
  if (property instanceof officialPackage.StringProperty) return { type: 'string' };
  // What we use nothing of: backgrounds, tables, media.
  return {};
}

function oneOf(objects: readonly Renderer.CardObject[]): Schema {
  return { type: 'object', discriminator: { propertyName: 'type' }, required: ['type'], oneOf: objects.map((one) => ({ $ref: `#/$defs/${one.getJsonTypeName()}` })) };
}

function arrayOf(kind: 'element' | 'action'): Schema {
  return { type: 'array', items: { $ref: `#/$defs/${kind}` } };
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
