// A new authenticator as a row.
import type { NewAuthenticator } from '../stepup/enrolment-store.js';
import type { RowMac } from '../vault/row-mac.js';
import { type Queries, toColumn } from './database.js';
import { type AuthenticatorContent, authenticatorMac } from './rows.js';

/** An `active` one counts from its own `createdAt`. */
export async function insertAuthenticator(
  tx: Queries,
  authenticator: NewAuthenticator,
  { state, rowMac }: { readonly state: 'pending' | 'active'; readonly rowMac: RowMac },
): Promise<void> {
  const { id, personId, algorithm, sealed, createdAt, lastStep = 0n, seedDigest } = authenticator;
  const content: AuthenticatorContent = { id, personId, algorithm, state, createdAt, activatedAt: state === 'active' ? createdAt : null, recoveredAt: null };
  await tx.authenticator.create({
    data: {
      ...content,
      kekId: sealed.kekId,
      wrappedKey: toColumn(sealed.wrappedKey),
      sealedSeed: toColumn(sealed.sealed),
      seedDigest: seedDigest === undefined ? null : toColumn(seedDigest),
      lastStep,
      mac: authenticatorMac(content, rowMac),
    },
  });
}
