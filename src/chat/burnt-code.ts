// Codes that somebody typed into a chat: others may have read them, so a right one counts as spent from now on.
import { newToken } from '../lib/ids.js';
import type { Turn } from './turn.js';

/** Six digits that stand alone, perhaps in two groups. */
const CODE = /(?<![0-9A-Za-z])\d{3}[\s-]?\d{3}(?![0-9A-Za-z])/g;
/** More in one message is no slip, and would be a way to guess. */
const MOST = 3;

/** Whether the words hold what looks like a code. What comes of it never tells whether it was one. */
export async function burnCodes({ burner, person, clock }: Turn, text: string): Promise<boolean> {
  const codes = text.match(CODE) ?? [];
  const at = clock();
  for (const code of codes.slice(0, MOST)) {
    // Not as the person: a number in a chat is no try, and must not lock their authenticator.
    const attempt = { formId: newToken(), actorId: `chat:${person.id}` };
    const verdict = await burner.stepUp.check({ personId: person.id, code, scopes: [], attempt, at });
    if (verdict.kind === 'proof') await burner.burn(verdict.spend, at);
  }
  return codes.length > 0;
}
