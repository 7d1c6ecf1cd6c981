// The chat accounts that a file of people vouches for: which of them are new, and which cannot be.
import type { PersonDraft } from '../directory/person.js';

/** A chat account as its row has it. */
export interface BoundAccount {
  readonly platform: string;
  readonly tenant: string;
  readonly userId: string;
  readonly personId: string;
}

interface Problem {
  readonly line: number;
  readonly problem: string;
}

/**
 * What has to be bound; what stands in `bound` already is none of it. A problem for each account that is somebody else's,
 * and for each person who has another one in the same place: the file replaces no account, for an old one may be in use.
 */
export function newAccounts(drafts: readonly PersonDraft[], bound: readonly BoundAccount[]): { readonly accounts: readonly BoundAccount[]; readonly problems: readonly Problem[] } {
  const ownerOf = new Map(bound.map((account) => [accountKey(account), account.personId]));
  const placesOf = new Set(bound.map(placeKey));
  const accounts: BoundAccount[] = [];
  const problems: Problem[] = [];
  for (const { id: personId, line, accounts: wanted = [] } of drafts) {
    for (const { platform, tenant, userId } of wanted) {
      const account = { platform, tenant, userId, personId };
      const owner = ownerOf.get(accountKey(account));
      if (owner === personId) continue;
      if (owner !== undefined) problems.push({ line, problem: `the account ${tenant}/${userId} is bound to ${owner} already` });
      else if (placesOf.has(placeKey(account))) problems.push({ line, problem: `${personId} has another account in ${tenant}: take it away first (countersign accounts unlink)` });
      else accounts.push(account);
    }
  }
  return { accounts, problems };
}

function accountKey({ platform, tenant, userId }: BoundAccount): string {
  return [platform, tenant, userId].join(' ');
}

function placeKey({ platform, tenant, personId }: BoundAccount): string {
  return [platform, tenant, personId].join(' ');
}
