// Slack's own rules about what it shows, written down apart from the bot's table: a view or message that breaks one is refused.
// Source: docs.slack.dev, reference of each block, element, composition object and view (2026).
import { z } from 'zod';

const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() });
const button = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().min(1).max(255),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});
const option = z.strictObject({ text: plainText(75), value: z.string().max(150) });
const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: z.string().min(1).max(255),
  multiline: z.boolean().optional(),
  initial_value: z.string().max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
});
const select = z.strictObject({
  type: z.literal('static_select'),
  action_id: z.string().min(1).max(255),
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) })).min(1).max(100).optional(),
  initial_option: option.optional(),
}).refine(({ options, option_groups: groups }) => (options === undefined) !== (groups === undefined), 'a menu has either options or groups');
const userSelect = z.strictObject({ type: z.literal('users_select'), action_id: z.string().min(1).max(255), initial_user: z.string().optional() });
const datePicker = z.strictObject({ type: z.literal('datepicker'), action_id: z.string().min(1).max(255), initial_date: z.iso.date().optional() });
const preformatted = z.strictObject({
  type: z.literal('rich_text_preformatted'),
  elements: z.array(z.strictObject({ type: z.literal('text'), text: z.string().min(1).max(3000) })).min(1),
});

const blockId = { block_id: z.string().max(255).optional() };
const block = z.discriminatedUnion('type', [
  z.strictObject({ ...blockId, type: z.literal('header'), text: plainText(150) }),
  z.strictObject({ ...blockId, type: z.literal('section'), text: plainText(3000).optional(), fields: z.array(plainText(2000)).min(1).max(10).optional() }),
  z.strictObject({ ...blockId, type: z.literal('context'), elements: z.array(plainText(2000)).min(1).max(10) }),
  z.strictObject({ ...blockId, type: z.literal('actions'), elements: z.array(button).min(1).max(25) }),
  z.strictObject({ ...blockId, type: z.literal('rich_text'), elements: z.array(preformatted).min(1) }),
  z.strictObject({
    ...blockId,
    type: z.literal('input'),
    label: plainText(2000),
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    element: z.discriminatedUnion('type', [textInput, select, userSelect, datePicker]),
  }),
]);

const blocks = (max: number) => z.array(block).max(max);
const modal = z.strictObject({
  type: z.literal('modal'),
  callback_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3000).optional(),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  blocks: blocks(100),
});
const home = z.strictObject({ type: z.literal('home'), blocks: blocks(100) });

/** What Slack would object to in the blocks of a message; none when they are right. */
export function problemsInBlocks(value: unknown): readonly string[] {
  return [...issues(blocks(50), value), ...repeated(value)];
}

/** What Slack would object to in a view. */
export function problemsInView(value: unknown): readonly string[] {
  const { type, submit, blocks: parts = [] } = (value ?? {}) as { type?: string; submit?: unknown; blocks?: { type: string }[] };
  const problems = [...issues(type === 'home' ? home : modal, value), ...repeated(parts)];
  if (parts.some((one) => one.type === 'input') && submit === undefined) problems.push('a view with inputs needs submit');
  if (JSON.stringify(value).length > 250_000) problems.push('view_too_large');
  return problems;
}

function issues(schema: z.ZodType, value: unknown): string[] {
  const checked = schema.safeParse(value);
  return checked.success ? [] : checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** Ids must be unique: of blocks in a view, of actions in a block. */
function repeated(value: unknown): string[] {
  const parts = (Array.isArray(value) ? value : []) as { block_id?: string; elements?: { action_id?: string }[] }[];
  const ids = parts.flatMap((part) => part.block_id ?? []);
  const actions = parts.map((part) => (part.elements ?? []).flatMap((element) => element.action_id ?? []));
  return [ids, ...actions].some((list) => new Set(list).size < list.length) ? ['ids are repeated'] : [];
}
