// An installation for imports of cards: files as text, and two administrators with authenticators.
import { randomBytes } from 'node:crypto';
import type { CardProblem } from '../../src/card/card-file-columns.js';
import { readPeopleFile } from '../../src/directory/people-file.js';
import { newId } from '../../src/lib/ids.js';
import { currentCode, newSeed, TOTP_ALGORITHM } from '../../src/stepup/totp.js';
import { CardImports } from '../../src/store/card-import.js';
import type { Proof } from '../../src/store/card-import-alone.js';
import { WaitingImports } from '../../src/store/card-import-decide.js';
import type { CheckedRow, ReadingOrder } from '../../src/store/card-import-read.js';
import { CardReplacements } from '../../src/store/card-import-replace.js';
import { openWorld, type World } from '../support/world.js';

export const HEADER = 'serial,label,profile,holder,key,puk,master_key,diversifier,kcv';

export interface CardsWorld {
  readonly world: World;
  readonly imports: CardImports;
  readonly replacements: CardReplacements;
  readonly waiting: WaitingImports;
  /** A right code of an administrator that is not spent yet. */
  prove(personId: string): Promise<Proof>;
}

export async function openCardsWorld(): Promise<CardsWorld> {
  const world = await openWorld();
  const { parts } = world;
  const { people } = readPeopleFile(
    'id,name,e-mail,manager,groups\nada,Ada Admin,ada@example.com,,administrators\nbo,Bo Admin,bo@example.com,,administrators\n',
  );
  await parts.people.import(people, null);
  for (const personId of ['ada', 'bo']) {
    const seed = newSeed();
    world.seeds.set(personId, seed);
    const content = { authenticatorId: newId(), personId, algorithm: TOTP_ALGORITHM };
    const sealed = await parts.vault.sealSeed(content, seed);
    await parts.authenticators.addSample({ id: content.authenticatorId, personId, algorithm: TOTP_ALGORITHM, sealed, createdAt: parts.clock() }, parts.clock());
  }
  return {
    world,
    imports: new CardImports(parts),
    replacements: new CardReplacements(parts),
    waiting: new WaitingImports(parts),
    async prove(personId) {
      // Each code works once: the next one comes with the next step.
      world.clock.forward(30_000);
      const code = currentCode(world.seeds.get(personId) ?? newSeed(), world.clock.now());
      const verdict = await parts.stepUp.check({ personId, code, scopes: [], attempt: { formId: newId(), actorId: personId }, at: world.clock.now() });
      if (verdict.kind !== 'proof') throw new Error(`the code of ${personId} was not accepted`);
      return { personId, spend: verdict.spend };
    },
  };
}

export interface WatchedOrder extends ReadingOrder {
  readonly rows: CheckedRow[];
  readonly problems: CardProblem[];
}

/** The order to read this text, in pieces of a few bytes each. */
export function orderFor(text: string, { allowDefaultKeys = false }: { readonly allowDefaultKeys?: boolean } = {}): WatchedOrder {
  const rows: CheckedRow[] = [];
  const problems: CardProblem[] = [];
  return {
    rows,
    problems,
    source: { open: () => inPieces(Buffer.from(text)) },
    options: { allowDefaultKeys },
    watch: (fit, found) => {
      rows.push(...fit);
      problems.push(...found);
      return Promise.resolve();
    },
  };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = Math.max(7, Math.ceil(bytes.length / 50));
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

export function fileOf(...rows: readonly string[]): string {
  return `${HEADER}\n${rows.join('\n')}\n`;
}

export function randomKey(bytes = 24): string {
  return randomBytes(bytes).toString('hex').toUpperCase();
}

/** Rows of cards that nobody holds, each with a random key. */
export function manyRows(count: number, prefix = 'N'): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}-${at},,gids,,${randomKey()},,,,`);
}

/** The kinds of all audit entries, oldest first. */
export async function auditKinds({ parts }: World): Promise<readonly string[]> {
  const rows = await parts.database.auditEntry.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ body }) => (JSON.parse(body) as { kind: string }).kind);
}
