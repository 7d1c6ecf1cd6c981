// The bot's own page for a person: what they can begin, who decides in whose place, and their requests of before.
import type { Person } from '../directory/person.js';
import { inertText } from '../lib/inert-text.js';
import type { RequestFound } from '../unblock/request-store.js';
import type { Block, Message } from './message.js';
import type { Speech } from './speech.js';
import { cardName, NAME_LENGTH, welcomeFor } from './views.js';

/** What a person's own page shows beside the welcome. */
export interface HomeFacts {
  readonly past: readonly RequestFound[];
  /** Null for whoever has no authenticator. */
  readonly recoveryCodesLeft: number | null;
  /** Whether they are anybody's manager. */
  readonly hasReports: boolean;
  /** Whether sealed codes were printed for them. */
  readonly hasSealedCodes?: boolean;
  /** Who decides in whose place, a sentence each. */
  readonly standIns: readonly string[];
}

/** The bot's own page for a person. */
export function homeMessage(person: Person, { past, recoveryCodesLeft, hasReports, hasSealedCodes = false, standIns }: HomeFacts, speech: Speech): Message {
  const { words, time } = speech;
  const rows = past.map(({ request, card }) => ({ label: time(request.openedAt), value: `${cardName(card)}: ${words.pastState[request.state]}` }));
  const before: readonly Block[] = rows.length === 0 ? [] : [{ kind: 'text', text: words.label.past }, { kind: 'facts', rows }];
  const codes = recoveryCodesLeft === null ? [] : [subtle(words.say.recoveryLeft(recoveryCodesLeft))];
  const welcome = welcomeFor(person, { hasReports, hasSealedCodes }, speech);
  return { ...welcome, title: words.say.homeTitle(inertText(person.name, NAME_LENGTH)), blocks: [...welcome.blocks, ...standIns.map((line) => subtle(line)), ...codes, ...before] };
}

function subtle(text: string): Block {
  return { kind: 'text', text, style: 'subtle' };
}
