// The steps that most stories share, as the people in them take them: press, fill in, read.
import { createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ChatEvent, Reply } from '../../src/chat/event.js';
import type { Form, FormName, Message } from '../../src/chat/message.js';
import { ENGLISH } from '../../src/chat/english.js';
import type { ChatRefusal } from '../../src/chat/wording.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { toHex } from '../../src/lib/bytes.js';
import { SECOND_MS } from '../../src/lib/clock.js';
import { newId, newToken } from '../../src/lib/ids.js';
import type { UnblockRequest } from '../../src/unblock/request.js';
import { formIn, KEYS, type World } from '../support/world.js';

export type Holder = keyof typeof KEYS;

/** Long enough that every authenticator shows its next code. */
export const NEXT_CODE_MS = 30 * SECOND_MS;

/** What a card shows: eight random bytes, in groups of four digits. */
export function newChallenge(): string {
  return toHex(randomBytes(8)).replace(/(.{4})(?=.)/g, '$1 ');
}

/** Does all that is due, and then what came of it: a deadline has notices and audit entries of its own. */
export async function settle(world: World): Promise<void> {
  await world.beat();
  await world.beat();
}

/** Lets time pass. What is due before and after is done, so that the audit is never behind. */
export async function later(world: World, ms: number): Promise<void> {
  await settle(world);
  world.clock.forward(ms);
  await settle(world);
}

/** The code that the person's authenticator shows next; the one before may be spent. */
export async function freshCode(world: World, personId: string): Promise<string> {
  await later(world, NEXT_CODE_MS);
  return world.code(personId);
}

/** A code that the person's authenticator never shows in these minutes, another one for each `round`. */
export function wrongCode(world: World, personId: string, round = 0): string {
  const right = Number(world.code(personId));
  return String((right + 111_111 * (round + 1)) % 1_000_000).padStart(6, '0');
}

/** Fills in the unblock dialog; returns the reply. */
export async function ask(world: World, personId: string, inputs: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const form = formIn(await world.press(personId, 'start-unblock'));
  return world.submit(personId, form, { challenge: newChallenge(), code: world.code(personId), reason: 'PIN forgotten', ...inputs });
}

/** Opens a request and proves the requester. Returns its id. */
export async function openRequest(world: World, personId: Holder, inputs: Readonly<Record<string, string>> = {}): Promise<string> {
  const reply = await ask(world, personId, inputs);
  if (reply.kind !== 'done') throw new Error(`not opened: ${sentenceIn(reply)}`);
  return (await latestRequest(world, personId)).id;
}

/** The open request for the person's card, or null. */
export async function openRequestOf(world: World, personId: Holder): Promise<UnblockRequest | null> {
  const [card] = await world.service.desk.cardsOf(personId);
  return world.service.desk.openFor(card?.id ?? '');
}

/** Cancels the open request for the person's card, if there is one. */
export async function cancelOpen(world: World, personId: Holder): Promise<void> {
  const open = await openRequestOf(world, personId);
  if (open !== null) await world.press(personId, 'cancel', open.id);
}

/** Presses Approve and fills the dialog in; returns the reply. */
export async function approve(world: World, personId: string, requestId: string, code = world.code(personId)): Promise<Reply> {
  const form = formIn(await world.press(personId, 'approve', requestId));
  return world.submit(personId, form, { code });
}

/** Presses Deny and fills the dialog in; returns the reply. */
export async function deny(world: World, personId: string, requestId: string, reason = 'not now'): Promise<Reply> {
  const form = formIn(await world.press(personId, 'deny', requestId));
  return world.submit(personId, form, { reason });
}

/** A request of this person that dana, or for her own card sam, has approved. Returns its id. */
export async function approvedRequest(world: World, personId: Holder, inputs: Readonly<Record<string, string>> = {}): Promise<string> {
  const id = await openRequest(world, personId, inputs);
  const reply = await approve(world, personId === 'dana' ? 'sam' : 'dana', id);
  if (reply.kind !== 'done') throw new Error(`not approved: ${sentenceIn(reply)}`);
  return id;
}

/** Presses Show response and sends the dialog that asks for the challenge; returns the reply. */
export async function reveal(world: World, personId: string, requestId: string, inputs: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const form = formIn(await world.press(personId, 'show-response', requestId));
  return world.submit(personId, form, { ...inputs });
}

/** A request whose response was shown. Returns its id. */
export async function answeredRequest(world: World, personId: Holder, inputs: Readonly<Record<string, string>> = {}): Promise<string> {
  const id = await approvedRequest(world, personId, inputs);
  responseIn(await reveal(world, personId, id));
  return id;
}

/** The response in a dialog that shows one. */
export function responseIn(reply: Reply): string {
  const code = formIn(reply).blocks.find((block) => block.kind === 'code');
  if (code === undefined) throw new Error(`no response came: ${sentenceIn(reply)}`);
  return code.copy;
}

export function hasResponse(reply: Reply): boolean {
  return reply.kind === 'form' && reply.form.blocks.some((block) => block.kind === 'code');
}

/** What a card with the holder's key finds when it checks a response: the challenge it gave, or not. */
export function challengeBehind(holder: Holder, response: string): string {
  const cipher = createDecipheriv('des-ede3', Buffer.from(KEYS[holder], 'hex'), null).setAutoPadding(false);
  const plain = toHex(Buffer.concat([cipher.update(Buffer.from(response, 'hex')), cipher.final()]));
  return plain.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The sentences that a reply tells the person, in one text. */
export function sentenceIn(reply: Reply): string {
  if (reply.kind === 'done') return reply.say ?? '';
  if (reply.kind === 'field-errors') return Object.values(reply.errors).join(' ');
  if (reply.kind === 'nothing') return '';
  return textOf(reply.kind === 'form' ? reply.form : reply.message);
}

/** All that a message or a dialog says, without its title, buttons and fields. */
export function textOf({ blocks }: Message | Form): string {
  const lines = blocks.flatMap((block) => {
    if (block.kind === 'text') return [block.text];
    return block.kind === 'facts' ? block.rows.map(({ label, value }) => `${label}: ${value}`) : [];
  });
  return lines.join('\n');
}

/** The sentence at a field, or '' where the reply has none. */
export function errorAt(reply: Reply, field: string): string {
  return reply.kind === 'field-errors' ? (reply.errors[field] ?? '') : '';
}

export function actionsOf(message: Message): readonly string[] {
  return message.buttons.map(({ action }) => action);
}

/** The sentence for a refusal without details. */
export function no(refusal: ChatRefusal): string {
  return ENGLISH.refusal[refusal]({});
}

export async function request(world: World, requestId: string): Promise<UnblockRequest> {
  const picture = await world.service.desk.picture(requestId, null);
  if (picture === null) throw new Error(`there is no request ${requestId}`);
  return picture.request;
}

export async function stateOf(world: World, requestId: string): Promise<string> {
  return (await request(world, requestId)).state;
}

export async function latestRequest(world: World, personId: string): Promise<UnblockRequest> {
  const row = await world.parts.database.request.findFirstOrThrow({
    where: { requesterId: personId },
    // Of two in one moment the open one.
    orderBy: [{ openedAt: 'desc' }, { deadlineAt: { sort: 'desc', nulls: 'last' } }],
  });
  return request(world, row.id);
}

const entrySchema = z.object({ kind: z.string(), requestId: z.string().nullable(), facts: z.record(z.string(), z.unknown()) });

/** The audit entries about a request, oldest first. */
export async function auditOf(world: World, requestId: string): Promise<readonly z.infer<typeof entrySchema>[]> {
  const rows = await world.parts.database.auditEntry.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ body }) => entrySchema.parse(JSON.parse(body))).filter((entry) => entry.requestId === requestId);
}

export async function auditKinds(world: World, requestId: string): Promise<readonly string[]> {
  return (await auditOf(world, requestId)).map(({ kind }) => kind);
}

/** A dialog as a client sends it that made it up by itself. */
export function forgedForm(name: FormName, target: string): Form {
  return { name, formId: newToken(), target, title: '', blocks: [], fields: [], submit: null, buttons: [], frame: ENGLISH.frame };
}

/** An event of an account that the world's own steps do not know. */
export function fromAccount(userId: string, tenant = 'local'): Pick<ChatEvent, 'from' | 'deliveryId'> {
  return { from: { platform: 'playground', tenant, userId }, deliveryId: newId() };
}

/** Imports people again, with some lines changed: one line a person, as in a people file. */
export async function reimport(world: World, lines: readonly string[]): Promise<void> {
  const file = readPeopleFile(['id,name,e-mail,manager,groups,site,locale', ...lines, ''].join('\n'));
  const imported = await world.parts.people.import(file.people, null);
  if ('problems' in imported) throw new Error(JSON.stringify(imported.problems));
}
