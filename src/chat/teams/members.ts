// Who somebody is in Teams: a full member of the tenant, or a guest, somebody of another organisation, nobody at all.
import { type Clock, MINUTE_MS } from '../../lib/clock.js';
import type { Connector, TeamsMember } from './connector.js';
import type { Place } from './memory.js';
import type { OwnChats } from './own-chats.js';
import { isTeamsFault } from './teams-fault.js';

/** How long Teams' answer is believed. */
const BELIEVED_MS = 5 * MINUTE_MS;
const KEPT = 5_000;

export interface Member {
  readonly full: boolean;
  /** Lower case: the sign-in name and the e-mail address, as Entra has them. */
  readonly emails: readonly string[];
}

const NOBODY: Member = { full: false, emails: [] };

export interface MembersParts {
  readonly connector: Pick<Connector, 'member'>;
  readonly ownChats: Pick<OwnChats, 'known' | 'open'>;
  readonly tenantId: string;
  readonly clock: Clock;
}

export class Members {
  readonly #parts: MembersParts;
  readonly #known = new Map<string, { readonly member: Member; readonly at: number }>();

  constructor(parts: MembersParts) {
    this.#parts = parts;
  }

  /**
   * By Entra object id, asked for where they were heard or, without a place, in their own chat; null where there is none,
   * so that nobody can tell. Throws a TeamsFault.
   */
  async find(userId: string, place: Place | null = null): Promise<Member | null> {
    const { connector, ownChats, tenantId, clock } = this.#parts;
    const at = clock().getTime();
    const known = this.#known.get(userId);
    if (known !== undefined && at - known.at < BELIEVED_MS) return known.member;
    const where = place ?? (await ownChats.known(userId)) ?? (await ownChats.open(userId));
    if (where === null) return null;
    const found = await lookUp(connector, where, userId);
    return found === null ? NOBODY : this.#keep(memberIn(found, { tenantId, userId }), userId, at);
  }

  /** Who stood in a roster at this time (milliseconds). Whoever is no full member by it is looked up for themselves. */
  learn(found: readonly TeamsMember[], at: number): void {
    for (const one of found) {
      const userId = objectIdOf(one);
      const known = this.#known.get(userId);
      const member = memberIn(one, { tenantId: this.#parts.tenantId, userId });
      if (member.full && (known === undefined || known.at < at)) this.#keep(member, userId, at);
    }
  }

  #keep(member: Member, userId: string, at: number): Member {
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(userId, { member, at });
    return member;
  }
}

/** In lower case; '' where Teams names none. */
export function objectIdOf({ aadObjectId, objectId }: TeamsMember): string {
  return (aadObjectId ?? objectId ?? '').toLowerCase();
}

/** Null for somebody who is not in the conversation: a plain no. */
async function lookUp(connector: MembersParts['connector'], place: Place, userId: string): Promise<TeamsMember | null> {
  try {
    return await connector.member(place, userId);
  } catch (error) {
    if (isTeamsFault(error, 'gone')) return null;
    throw error;
  }
}

/** Of the tenant itself, and the very person who was asked for. */
export function memberIn(found: TeamsMember, { tenantId, userId }: { readonly tenantId: string; readonly userId: string }): Member {
  const { tenantId: theirs, userRole = '', userPrincipalName = '', email = '' } = found;
  const same = objectIdOf(found) === userId.toLowerCase() && theirs !== undefined;
  // Without both nothing tells a guest from a member.
  const unknown = userRole === '' && userPrincipalName === '';
  if (!same || unknown || isOutsider(found, tenantId)) return NOBODY;
  const emails = [userPrincipalName, email].filter((one) => one !== '').map((one) => one.normalize('NFC').toLowerCase());
  return { full: true, emails: [...new Set(emails)] };
}

/**
 * Of another tenant, or a guest in ours, whose tenant in Teams' answer is ours. A guest's sign-in name has #EXT# in it
 * (learn.microsoft.com, "Properties of an Entra B2B collaboration user").
 */
export function isOutsider({ tenantId: theirs, userRole = '', userPrincipalName = '' }: TeamsMember, tenantId: string): boolean {
  const elsewhere = theirs !== undefined && theirs.toLowerCase() !== tenantId.toLowerCase();
  return elsewhere || !FULL_ROLES.has(userRole.toLowerCase()) || /#ext#/i.test(userPrincipalName);
}

/** Everyone else is a guest or anonymous. A conversation that has no roles gives none. */
const FULL_ROLES = new Set(['user', 'owner', '']);
