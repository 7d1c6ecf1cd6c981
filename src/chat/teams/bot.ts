// What Teams sends, and what is done with it: words, buttons, dialogs, cards that ask for their newest state, installs.
import { type Clock, SECOND_MS } from '../../lib/clock.js';
import { newToken } from '../../lib/ids.js';
import { InFlight } from '../../lib/in-flight.js';
import { inTime, TooSlow } from '../../lib/in-time.js';
import type { Log } from '../../lib/log.js';
import type { ChatAccount, ChatEvent, Conversation, Reply } from '../event.js';
import type { Languages } from '../languages.js';
import { notice, say, sentenceOf } from '../replies.js';
import type { Speech } from '../speech.js';
import { plainMessage } from '../views.js';
import { isExtension, isPersonal, placeOf, type TeamsActivity, tenantOf, wordsOf } from './activity.js';
import { Answers } from './answers.js';
import { drawForMember, drawMessage, toActivity } from './cards.js';
import type { Connector } from './connector.js';
import { asCard, besideCard, executedIn, fromExtension, inDialog, type InvokeAnswer, pressIn, type Sent, sentIn } from './invoke.js';
import type { Members } from './members.js';
import type { Place, TeamsMemory } from './memory.js';
import { ShownOnce } from './shown-once.js';

/** Teams gives up on an invoke after some ten seconds, and repeats it sooner: by then it has its answer. */
const ANSWER_MS = 4 * SECOND_MS;

export interface BotParts {
  readonly tenantId: string;
  readonly conversation: Conversation;
  readonly connector: Connector;
  readonly members: Members;
  readonly memory: TeamsMemory;
  readonly languages: Languages;
  /** Milliseconds; ends early when the process leaves. */
  readonly pause: (ms: number) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const NOT_SERVED: InvokeAnswer = { status: 403 };
const NOT_UNDERSTOOD: InvokeAnswer = { status: 501 };
const NOTHING_TO_SEE: InvokeAnswer = {
  status: 200,
  body: { statusCode: 403, type: 'application/vnd.microsoft.error', value: { code: 'Forbidden', message: 'This card has nothing for you.' } },
};

export class TeamsBot {
  readonly #parts: BotParts;
  readonly #inFlight = new InFlight();
  readonly #shownOnce = new ShownOnce();
  readonly #answers: Answers;

  constructor(parts: BotParts) {
    this.#parts = parts;
    this.#answers = new Answers({ ...parts, inFlight: this.#inFlight });
  }

  /** Takes one activity whose token was checked; what an invoke is answered with, null for the others. */
  hear(activity: TeamsActivity): Promise<InvokeAnswer | null> {
    return this.#inFlight.track(this.#hear(activity));
  }

  /** Resolves when everything that was heard is done and answered, late answers too. */
  settle(): Promise<void> {
    return this.#inFlight.settle();
  }

  async #hear(activity: TeamsActivity): Promise<InvokeAnswer | null> {
    const { tenantId, log } = this.#parts;
    const from = senderOf(activity, tenantId);
    if (from === null) {
      log.debug({ type: activity.type }, 'an activity of a stranger to the tenant, or of an app, was refused');
      return NOT_SERVED;
    }
    switch (activity.type) {
      case 'message':
        await this.#words(activity, from);
        return null;
      case 'invoke':
        return await this.#invoke(activity, from);
      case 'installationUpdate':
        await this.#installed(activity, from);
        return null;
      case 'conversationUpdate':
        await this.#moved(activity, from);
        return null;
      default:
        return null;
    }
  }

  async #words(activity: TeamsActivity, from: ChatAccount): Promise<void> {
    // First the place: whatever breaks after it, the next words find it.
    await this.#keepPlace(activity, from);
    if (!(await this.#isNew('message', activity))) return;
    const reply = await this.#answer({ kind: 'said', from, ...deliveryIn(activity), text: wordsOf(activity) }, placeOf(activity));
    // Where others read along, words bring nothing but a warning.
    const personalOnly: Reply = { kind: 'done', say: this.#speech(activity).words.say.personalOnly };
    await this.#post(activity, isPersonal(activity) || reply.kind === 'done' ? reply : personalOnly);
  }

  async #installed(activity: TeamsActivity, from: ChatAccount): Promise<void> {
    const { memory } = this.#parts;
    if (activity.action?.startsWith('remove') === true) { await memory.forgetPlace(placeOf(activity).conversationId); return; }
    await this.#keepPlace(activity, from);
    if (!isPersonal(activity) || activity.action !== 'add' || !(await this.#isNew('install', activity))) return;
    await this.#post(activity, await this.#answer({ kind: 'looked', from, ...deliveryIn(activity) }, placeOf(activity)));
  }

  /** Whoever left, it may have been the bot. */
  async #moved(activity: TeamsActivity, from: ChatAccount): Promise<void> {
    const isGone = activity.membersRemoved?.some(({ id }) => id === activity.recipient?.id) === true;
    if (isGone) await this.#parts.memory.forgetPlace(placeOf(activity).conversationId);
    else await this.#keepPlace(activity, from);
  }

  async #invoke(activity: TeamsActivity, from: ChatAccount): Promise<InvokeAnswer> {
    if (isExtension(activity)) return await this.#extension(activity, from);
    await this.#keepPlace(activity, from);
    switch (activity.name) {
      case 'task/fetch':
        return await this.#fetch(activity, from);
      case 'task/submit':
        return await this.#submit(activity, from);
      case 'adaptiveCard/action':
        return await this.#execute(activity, from);
      default:
        return NOT_UNDERSTOOD;
    }
  }

  /** A message extension is used in chats of other people, where the bot has no place: such a chat is never kept as one. */
  async #extension(activity: TeamsActivity, from: ChatAccount): Promise<InvokeAnswer> {
    const asked = fromExtension(activity);
    if (asked === null) return NOT_UNDERSTOOD;
    return asked.kind === 'pressed' ? inDialog(await this.#soon({ ...asked, from, ...deliveryIn(activity) }, activity), null) : await this.#send(asked, activity, from);
  }

  async #fetch(activity: TeamsActivity, from: ChatAccount): Promise<InvokeAnswer> {
    const press = pressIn(activity.value);
    if (press === null) return NOT_UNDERSTOOD;
    return inDialog(await this.#soon({ ...press, from, ...deliveryIn(activity) }, activity), null);
  }

  async #submit(activity: TeamsActivity, from: ChatAccount): Promise<InvokeAnswer> {
    const sent = sentIn(activity.value);
    return sent === null ? NOT_UNDERSTOOD : await this.#send(sent, activity, from);
  }

  async #send(sent: Sent, activity: TeamsActivity, from: ChatAccount): Promise<InvokeAnswer> {
    // The same dialog again keeps its form, and with it what comes of it meanwhile.
    const { words } = this.#speech(activity);
    const slow: Reply = { kind: 'field-errors', errors: { slow: words.say.tooSlow } };
    const reply = await this.#soon({ ...sent, from, ...deliveryIn(activity) }, activity, slow);
    return inDialog(reply, sent.kind === 'submitted' ? { value: activity.value, submitted: sent, words } : null);
  }

  async #execute(activity: TeamsActivity, from: ChatAccount): Promise<InvokeAnswer> {
    const done = executedIn(activity.value);
    if (done === null) return NOT_UNDERSTOOD;
    const reply = await this.#soon({ ...done, from, ...deliveryIn(activity) }, activity);
    if (done.kind === 'pressed') return besideCard(reply);
    return reply.kind === 'message' ? asCard(drawForMember(reply.message, done.target, activity.from.id)) : NOTHING_TO_SEE;
  }

  /** What comes too late is kept under its form: the same button again brings it. `slow` stands in for it. */
  async #soon(event: ChatEvent, activity: TeamsActivity, slow: Reply = this.#tooSlow(activity)): Promise<Reply> {
    try {
      const place = isExtension(activity) ? null : placeOf(activity);
      return await inTime(this.#inFlight.track(this.#answer(event, place)), ANSWER_MS);
    } catch (error) {
      if (error instanceof TooSlow) return slow;
      throw error;
    }
  }

  #tooSlow(activity: TeamsActivity): Reply {
    const speech = this.#speech(activity);
    return notice(speech.words.say.tooSlow, speech);
  }

  #speech({ locale }: TeamsActivity): Speech {
    return this.#parts.languages.speechFor(locale);
  }

  /** The reply to one event; never throws. Guests and whoever has left are turned away here. */
  async #answer(event: ChatEvent, place: Place | null): Promise<Reply> {
    const { conversation, members, languages, log } = this.#parts;
    const speech = languages.speechFor(event.locale);
    try {
      const member = await members.find(event.from.userId, place);
      if (member === null) return say(event, speech.words.say.openMyChat, speech);
      return member.full ? await this.#shownOnce.answer(event, () => conversation(event)) : say(event, speech.words.refusal['not-a-member']({}), speech);
    } catch (error) {
      const reference = newToken(48);
      log.error({ err: error, reference, delivery: event.deliveryId, event: event.kind }, 'a Teams event failed');
      return say(event, speech.words.say.fault(reference), speech);
    }
  }

  async #post(activity: TeamsActivity, reply: Reply): Promise<void> {
    const sentence = sentenceOf(reply);
    if (reply.kind !== 'message' && sentence === '') return;
    const message = reply.kind === 'message' ? reply.message : plainMessage(this.#speech(activity).words.say.welcome.title, sentence);
    // In a channel the answer stands in the thread that asked.
    const place: Place = { conversationId: activity.conversation.id, serviceUrl: activity.serviceUrl };
    await this.#answers.post(place, toActivity(drawMessage(message), message.title));
  }

  /** False when Teams repeats itself. */
  async #isNew(kind: 'message' | 'install', activity: TeamsActivity): Promise<boolean> {
    const { memory, clock } = this.#parts;
    return await memory.takeDelivery(`${kind}:${activity.conversation.id}/${deliveryOf(activity)}`, clock());
  }

  async #keepPlace(activity: TeamsActivity, from: ChatAccount): Promise<void> {
    const { memory } = this.#parts;
    if (isPersonal(activity)) await memory.keepPlace(from.tenant, placeOf(activity), from.userId);
    else if (activity.conversation.conversationType === 'channel') await memory.keepPlace(from.tenant, placeOf(activity), null);
  }
}

const ENTRA_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What Teams calls apps begins so; people are 29:… or 8:… */
const APP_ID = /^28:/;

/** Null for another tenant's people, for apps, and for whoever has no account (an anonymous guest of a meeting). */
export function senderOf(activity: TeamsActivity, tenantId: string): ChatAccount | null {
  const { id, aadObjectId, role } = activity.from;
  if (tenantOf(activity)?.toLowerCase() !== tenantId.toLowerCase()) return null;
  if (APP_ID.test(id) || role === 'bot' || role === 'skill') return null;
  if (aadObjectId === undefined || !ENTRA_ID.test(aadObjectId)) return null;
  return { platform: 'teams', tenant: tenantId, userId: aadObjectId.toLowerCase() };
}

/** Which delivery it is, and the language of the client that it came from. */
function deliveryIn(activity: TeamsActivity): Pick<ChatEvent, 'deliveryId' | 'locale'> {
  const { locale } = activity;
  return { deliveryId: deliveryOf(activity), ...(locale === undefined ? {} : { locale }) };
}

function deliveryOf({ id }: TeamsActivity): string {
  return id ?? newToken();
}
