// Prepared cards become rows: each secret is sealed under a data key of its own.
import type { CardDraft } from '../card/card-file.js';
import { newId } from '../lib/ids.js';
import { inParallel } from '../lib/in-parallel.js';
import type { KeyVault } from '../vault/key-vault.js';
import type { Sealed } from '../vault/seal.js';
import type { PreparedCard } from './card-import-check.js';
import type { NewCard } from './card-import-rows.js';
import { toColumn } from './database.js';
import type { CardContent } from './rows.js';

/** Data keys that are being wrapped at the same time: an HSM or a key service answers several calls at once. */
const SEALED_AT_ONCE = 16;

/** Under `importId` the cards wait for the end of their import; without one they are active at once. */
export async function sealNewCards(cards: readonly PreparedCard[], vault: KeyVault, importId: string | null): Promise<readonly NewCard[]> {
  return await sealCards(cards, vault, ({ draft, holderId, sponsorId, ...card }) => ({
    ...secretColumns(draft, card),
    id: newId(),
    serial: draft.serial,
    label: draft.label,
    profile: draft.profile.id,
    holderId,
    state: importId === null ? 'active' : 'waiting',
    refusedResponses: 0,
    keyVersion: 1,
    importId,
    tags: draft.tags,
    sponsorId,
  }));
}

/** `contentOf` gives the columns beside the sealed ones. The caller wipes the drafts. */
export async function sealCards(
  cards: readonly PreparedCard[],
  vault: KeyVault,
  contentOf: (card: PreparedCard) => CardContent,
): Promise<readonly NewCard[]> {
  return await inParallel(cards, SEALED_AT_ONCE, async (card) => {
    const content = contentOf(card);
    return { content, sealed: await sealSecretOf(card.draft, content, vault) };
  });
}

/** The columns that come from the secret and its profile. */
export function secretColumns({ profile }: CardDraft, { keyDigest, kcv, derived }: Pick<PreparedCard, 'keyDigest' | 'kcv' | 'derived'>) {
  return {
    unlock: profile.unlock,
    kcv,
    keyDigest: keyDigest === null ? null : toColumn(keyDigest),
    masterKeyId: derived?.masterKeyId ?? null,
    diversifier: derived?.diversifier ?? null,
  };
}

async function sealSecretOf({ secret }: CardDraft, content: CardContent, vault: KeyVault): Promise<Sealed | null> {
  const facts = { ...content, cardId: content.id };
  if (secret.kind === 'key') return await vault.sealCardKey(facts, secret.key);
  return secret.kind === 'puk' ? await vault.sealCardKey(facts, secret.puk) : null;
}
