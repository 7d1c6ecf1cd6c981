// The counters on top of the opened parts: the server and the command line hand in at the same ones.
import { SealedCodes } from '../stepup/sealed-codes.js';
import { PrismaBreakGlass } from '../store/break-glass.js';
import { PrismaRequestReader } from '../store/request-reader.js';
import { PrismaRequestStore } from '../store/request-store.js';
import type { LoadedPolicy } from '../unblock/decision.js';
import { UnblockDesk } from '../unblock/desk.js';
import { GlassDesk } from '../unblock/glass-desk.js';
import type { Parts } from './parts.js';

export interface Desks {
  readonly desk: UnblockDesk;
  readonly glass: GlassDesk;
  /** Sealed codes and their reports, as they are kept. */
  readonly breakGlass: PrismaBreakGlass;
}

/** `policy`: the one that this process goes by at that moment. */
export function openDesks(parts: Parts, policy: () => LoadedPolicy): Desks {
  const { database, rowMac, profiles, clock, sequencer, stepUp, vault } = parts;
  const reader = new PrismaRequestReader({ database, rowMac, profiles, clock });
  const store = new PrismaRequestStore({ database, rowMac, profiles, clock, auditFileTrouble: () => sequencer.trouble() });
  const breakGlass = new PrismaBreakGlass({ database, rowMac });
  const sealed = new SealedCodes({ store: breakGlass, rowMac });
  const desk = new UnblockDesk({ store, reader, stepUp, vault, policy, clock });
  return { desk, glass: new GlassDesk({ store, reader, stepUp, sealed, uses: breakGlass, policy, clock }), breakGlass };
}
