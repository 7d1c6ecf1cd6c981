// What Teams sends, as far as it is read. Everything in it is untrusted until its token was checked, and its words always.
import { z } from 'zod';
import { hasUnsafeCharacters } from '../../lib/inert-text.js';

/** Longer words than any command or challenge are cut before they are looked at. */
const TEXT_KEPT = 2_000;

/** No language tag is longer (RFC 5646, section 4.4.1). */
const LANGUAGE_TAG = /^[\w-]{1,35}$/;

const id = z.string().min(1).max(1_000).refine((text) => !hasUnsafeCharacters(text));

export const activitySchema = z.looseObject({
  type: z.string().max(60),
  id: id.optional(),
  channelId: z.literal('msteams'),
  serviceUrl: z.url().max(1_000),
  name: z.string().max(200).optional(),
  action: z.string().max(60).optional(),
  from: z.looseObject({ id, aadObjectId: z.string().max(100).optional(), role: z.string().max(40).optional() }),
  recipient: z.looseObject({ id }).optional(),
  conversation: z.looseObject({ id, tenantId: z.string().max(100).optional(), conversationType: z.string().max(40).optional() }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string().max(100).optional() }).optional() }).nullish(),
  locale: z.string().regex(LANGUAGE_TAG).optional().catch(undefined),
  text: z.string().transform((text) => storable(text.slice(0, TEXT_KEPT))).nullish(),
  value: z.unknown().optional(),
  membersRemoved: z.array(z.looseObject({ id })).nullish().catch(null),
});

export type TeamsActivity = z.infer<typeof activitySchema>;

/** Without what the database does not take (NUL, half a letter): a client may send it, and so does a text that was cut. */
export function storable(text: string): string {
  return text.replace(/[\0\p{Cs}]/gu, '');
}

/** The tenant that an activity says it comes from; null where its two places differ or name none. */
export function tenantOf({ conversation, channelData }: TeamsActivity): string | null {
  const named = [conversation.tenantId, channelData?.tenant?.id].filter((tenant) => tenant !== undefined);
  const [tenant = null] = named;
  return named.every((one) => one === tenant) ? tenant : null;
}

/** A channel's thread is named after its first message; the channel is what stands before that. */
export function placeOf({ conversation, serviceUrl }: TeamsActivity): { readonly conversationId: string; readonly serviceUrl: string } {
  return { conversationId: conversation.id.split(';', 1)[0] ?? '', serviceUrl };
}

export function isPersonal({ conversation }: TeamsActivity): boolean {
  return conversation.conversationType === 'personal';
}

/** Asked from a message extension: in any chat, whoever it belongs to. */
export function isExtension({ name }: TeamsActivity): boolean {
  return name?.startsWith('composeExtension/') === true;
}

/** The words without the mention of the bot that stands in them. */
export function wordsOf({ text }: TeamsActivity): string {
  return (text ?? '').replace(/<at[^>]{0,200}>[^<]{0,200}<\/at>/g, ' ').trim();
}
