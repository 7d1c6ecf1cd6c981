// Whom a notice is for, as one text that is stored and read back in one place.
import type { Person } from '../directory/person.js';

export const CHANNELS = ['helpdesk', 'security'] as const;
export type ChannelName = (typeof CHANNELS)[number];
export type RecipientName = `person:${string}` | `channel:${ChannelName}`;

export type NamedRecipient =
  | { readonly kind: 'person'; readonly personId: string }
  | { readonly kind: 'channel'; readonly channel: ChannelName };

/** Throws on what is no recipient's name. */
export function parseRecipient(name: string): NamedRecipient {
  const [kind, rest = ''] = name.split(/:(.*)/s);
  const channel = CHANNELS.find((one) => one === rest);
  if (kind === 'person' && rest !== '') return { kind, personId: rest };
  if (kind === 'channel' && channel !== undefined) return { kind, channel };
  throw new Error(`"${name}" is no recipient`);
}

/** Whatever happens to somebody's card or codes, they hear of it, and so does their manager. */
export function personAndManager({ id, managerId }: Pick<Person, 'id' | 'managerId'>): readonly RecipientName[] {
  return managerId === null ? [`person:${id}`] : [`person:${id}`, `person:${managerId}`];
}
