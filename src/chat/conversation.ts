// From a chat event to the desk and back to a reply. One conversation for all platforms.
import type { Person } from '../directory/person.js';
import { newToken } from '../lib/ids.js';
import { startAssisting } from './assisting.js';
import { burnCodes } from './burnt-code.js';
import { standInLines, startDelegating, tellOfDelegation } from './delegating.js';
import type { ChatEvent, Conversation, Reply } from './event.js';
import { meet } from './first-contact.js';
import { type HomeFacts, homeMessage } from './home.js';
import { onPress, startUnblock } from './presses.js';
import { onRefresh } from './refreshing.js';
import { say } from './replies.js';
import { startSealed } from './sealed.js';
import { onSubmit } from './submissions.js';
import type { ConversationParts, Turn } from './turn.js';
import { welcomeFor } from './views.js';
import { startVouching } from './vouching.js';

export function converse(parts: ConversationParts): Conversation {
  return async (event) => {
    try {
      return await answer(parts, event);
    } catch (error) {
      // The person gets a reference; what broke is for the log alone.
      const reference = newToken(48);
      parts.log.error({ err: error, reference, delivery: event.deliveryId, event: event.kind }, 'a chat event failed');
      const speech = parts.languages.speechFor(event.locale);
      return say(event, speech.words.say.fault(reference), speech);
    }
  };
}

async function answer(parts: ConversationParts, event: ChatEvent): Promise<Reply> {
  const { languages } = parts;
  const heard = languages.speechFor(event.locale);
  const { platform, tenant, userId } = event.from;
  // A copy asks by itself, whenever somebody looks at it: that must not use up what its reader may do.
  const asked = event.kind === 'refreshed' ? 'copies of ' : '';
  if (!parts.limit.allows(`${asked}${platform}:${tenant}:${userId}`)) return say(event, heard.words.refusal['too-fast']({}), heard);
  const person = await parts.behind(event.from);
  if (person === null) return meet({ ...parts, speech: heard }, event);
  const turn: Turn = { ...parts, person, speech: languages.speechFor(await localeNow(parts, person, event)) };
  switch (event.kind) {
    case 'said':
      return onWords(turn, event);
    case 'looked':
      return { kind: 'message', message: homeMessage(person, await homeFacts(turn), turn.speech) };
    case 'refreshed':
      return onRefresh(turn, event);
    case 'pressed':
      return onPress(turn, event);
    case 'submitted':
      return onSubmit(turn, event);
  }
}

/** What the platform says now, which is remembered; else what is known. */
async function localeNow({ keepLocale }: ConversationParts, known: Person, { from, locale }: ChatEvent): Promise<string | null> {
  if (locale === undefined || locale === known.locale) return known.locale;
  await keepLocale(from, locale);
  return locale;
}

type Said = Extract<ChatEvent, { kind: 'said' }>;

// Three groups or more of hex digits, or one long run: a challenge that was pasted, perhaps behind a command.
const LOOKS_LIKE_CHALLENGE = /(?:[0-9A-Fa-f]{4}[\s:.-]?){3,8}/;
// `/unblock for` (or `für`), and perhaps whom.
const FOR_CALLER = /^\s*(?:for|für)(?:\s+(.*))?$/i;
/** `/unblock vouch`. */
const TO_VOUCH = /^\s*vouch\s*$/i;
/** `/unblock delegate` (or `vertretung`). */
const TO_DELEGATE = /^\s*(?:delegate|vertretung)\s*$/i;
/** `/unblock break-glass` (or `notfall`). */
const TO_BREAK_GLASS = /^\s*(?:break-glass|notfall)\s*$/i;
/** So many requests of before stand on a person's Home tab. */
const PAST_SHOWN = 5;
const PREFILL_LENGTH = 80;

async function homeFacts(turn: Turn): Promise<HomeFacts> {
  const { desk, enrolment, glass, person } = turn;
  const [past, recoveryCodesLeft, hasReports, hasSealedCodes, standIns] = await Promise.all([
    desk.pastOf(person.id, PAST_SHOWN),
    enrolment.recoveryCodesLeft(person.id),
    enrolment.hasReports(person.id),
    glass.isNamed(person.id),
    standInLines(turn),
  ]);
  return { past, recoveryCodesLeft, hasReports, hasSealedCodes, standIns };
}

async function onWords(turn: Turn, { text, opensDialog = false }: Said): Promise<Reply> {
  const { speech } = turn;
  if (await burnCodes(turn, text)) return { kind: 'done', say: speech.words.say.codeInChat };
  const forCaller = opensDialog ? FOR_CALLER.exec(text) : null;
  if (forCaller !== null) return startAssisting(turn, (forCaller[1] ?? '').trim());
  if (opensDialog && TO_VOUCH.test(text)) return startVouching(turn);
  if (opensDialog && TO_BREAK_GLASS.test(text)) return startSealed(turn);
  if (TO_DELEGATE.test(text)) return opensDialog ? startDelegating(turn) : tellOfDelegation(turn);
  const challenge = (LOOKS_LIKE_CHALLENGE.exec(text)?.[0] ?? '').trim().slice(0, PREFILL_LENGTH);
  if (opensDialog) return startUnblock(turn, challenge);
  const [hasReports, hasSealedCodes] = [await turn.enrolment.hasReports(turn.person.id), await turn.glass.isNamed(turn.person.id)];
  return { kind: 'message', message: welcomeFor(turn.person, { challenge, hasReports, hasSealedCodes }, speech) };
}
