// From a chat event to the desk and back to a reply. One conversation for all platforms.
import { newToken } from '../lib/ids.js';
import type { ChatEvent, Conversation, Reply } from './event.js';
import { onPress } from './presses.js';
import { say } from './replies.js';
import { onSubmit } from './submissions.js';
import type { ConversationParts, Turn } from './turn.js';
import { welcomeMessage } from './views.js';

export function converse(parts: ConversationParts): Conversation {
  return async (event) => {
    try {
      return await answer(parts, event);
    } catch (error) {
      // The person gets a reference; what broke is for the log alone.
      const reference = newToken(48);
      parts.log.error({ err: error, reference, delivery: event.deliveryId, event: event.kind }, 'a chat event failed');
      return say(event, parts.speech.words.say.fault(reference), parts.speech);
    }
  };
}

async function answer(parts: ConversationParts, event: ChatEvent): Promise<Reply> {
  const { refusal } = parts.speech.words;
  const { platform, tenant, userId } = event.from;
  if (!parts.limit.allows(`${platform}:${tenant}:${userId}`)) return say(event, refusal['too-fast']({}), parts.speech);
  const person = await parts.behind(event.from);
  if (person === null) return say(event, refusal.stranger({}), parts.speech);
  const turn: Turn = { ...parts, person };
  switch (event.kind) {
    case 'said':
      return onWords(turn, event.text);
    case 'pressed':
      return onPress(turn, event);
    case 'submitted':
      return onSubmit(turn, event);
  }
}

const LOOKS_LIKE_CODE = /^\s*\d{3}[\s-]?\d{3}\s*$/;
// Three groups or more of hex digits, or one long run: a challenge that was pasted, perhaps behind a command.
const LOOKS_LIKE_CHALLENGE = /(?:[0-9A-Fa-f]{4}[\s:.-]?){3,8}/;
const PREFILL_LENGTH = 80;

function onWords({ speech }: Turn, text: string): Reply {
  if (LOOKS_LIKE_CODE.test(text)) return { kind: 'done', say: speech.words.say.codeInChat };
  const challenge = LOOKS_LIKE_CHALLENGE.exec(text)?.[0] ?? '';
  return { kind: 'message', message: welcomeMessage(speech, challenge.trim().slice(0, PREFILL_LENGTH)) };
}
