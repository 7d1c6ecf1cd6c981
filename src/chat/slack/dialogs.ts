// Modals in Slack: opened while their trigger lives, replaced, and emptied when the time to look at them is over.
import type { ModalView } from '@slack/types';
import { addMs, type Clock, HOUR_MS, SECOND_MS } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { newToken } from '../../lib/ids.js';
import type { Language } from '../../lib/language.js';
import type { Form } from '../message.js';
import type { Languages } from '../languages.js';
import type { Wording } from '../wording.js';
import { formView, sentenceView } from './dialog-view.js';
import type { DueDialog, SlackMemory } from './memory.js';
import { isRefusedFor, type SlackApi } from './slack-api.js';
import type { Workspace, Workspaces } from './workspaces.js';

const TRY_AGAIN_MS = 20 * SECOND_MS;
const GIVE_UP_MS = HOUR_MS;
/** Of what tells one drawing of a dialog from the next. */
export const NONCE_BITS = 48;
/** The person has closed it, or the workspace is gone: nobody looks at it any more. */
const CLOSED = ['not_found', 'view_not_found', 'token_revoked', 'account_inactive', 'invalid_auth'];

export function isClosed(error: unknown): boolean {
  return isRefusedFor(error, CLOSED);
}

export interface DialogsParts {
  readonly api: SlackApi;
  readonly workspaces: Workspaces;
  readonly memory: SlackMemory;
  readonly languages: Languages;
  readonly clock: Clock;
  readonly log: Log;
}

/** A modal as it is to be shown, when it must be emptied, and in which language that is then said. */
export interface Shown {
  readonly view: ModalView;
  readonly emptyAt: Date | null;
  readonly language: Language;
}

export class Dialogs {
  readonly #parts: DialogsParts;
  /** Since when a dialog could not be emptied. */
  readonly #failingSince = new Map<string, Date>();

  constructor(parts: DialogsParts) {
    this.#parts = parts;
  }

  draw(form: Form): Shown {
    const view = formView(form, newToken(NONCE_BITS));
    return { view, emptyAt: form.emptyAt === undefined ? null : new Date(form.emptyAt), language: form.frame.language };
  }

  sentence(text: string, words: Wording): Shown {
    return { view: sentenceView(text, words), emptyAt: null, language: words.frame.language };
  }

  /** What stands in for a reply that takes its time. */
  waiting(words: Wording): Shown {
    return this.sentence(words.say.wait, words);
  }

  /**
   * Opens a modal and returns its id. A trigger works once, for three seconds; throws a SlackFault. What must be emptied
   * is not in it yet, and has to be put there with `replace`: if Slack's answer were lost, nobody could empty it.
   */
  async open(workspace: Workspace, triggerId: string, shown: Shown): Promise<string> {
    const { view } = shown.emptyAt === null ? shown : this.waiting(this.#wordsIn(shown.language));
    const opened = await this.#parts.api.call('views.open', workspace, (client) => client.views.open({ trigger_id: triggerId, view }));
    return opened.view?.id ?? '';
  }

  async replace(workspace: Workspace, viewId: string, wanted: Shown): Promise<void> {
    const shown = this.#stillShown(wanted);
    // Before it is shown: a response that nobody would empty must not be on a screen.
    await this.remember(workspace, viewId, shown);
    await this.#parts.api.call('views.update', workspace, (client) => client.views.update({ view_id: viewId, view: shown.view }));
    if (shown.emptyAt === null) await this.#parts.memory.forgetDialog(viewId);
  }

  /** It may have waited until its time was over. */
  #stillShown(shown: Shown): Shown {
    if (shown.emptyAt === null || shown.emptyAt > this.#parts.clock()) return shown;
    const words = this.#wordsIn(shown.language);
    return this.sentence(words.say.windowOver, words);
  }

  /** Where it has to be emptied: from that time on the modal must show nothing any more. */
  async remember({ place }: Workspace, viewId: string, { emptyAt, language }: Shown): Promise<void> {
    if (emptyAt !== null) await this.#parts.memory.keepDialog({ viewId, tenant: place, emptyAt, locale: language });
  }

  /** Empties every modal whose time is over. */
  async emptyDue(): Promise<void> {
    const { memory, clock } = this.#parts;
    const due = await memory.claimDialogs(clock(), addMs(clock(), TRY_AGAIN_MS));
    await Promise.all(due.map((dialog) => this.#empty(dialog)));
  }

  async #empty({ viewId, tenant, locale }: DueDialog): Promise<void> {
    const { workspaces, log } = this.#parts;
    const words = this.#wordsIn(locale);
    try {
      const workspace = await workspaces.at(tenant);
      if (workspace === null) await this.#forget(viewId);
      else await this.replace(workspace, viewId, this.sentence(words.say.windowOver, words));
      this.#failingSince.delete(viewId);
    } catch (error) {
      if (isClosed(error) || this.#isGivenUp(viewId)) await this.#forget(viewId);
      else log.warn({ err: error }, 'a dialog could not be emptied; trying again');
    }
  }

  /** Whatever keeps Slack from it for so long: by then nobody has had the dialog open. */
  #isGivenUp(viewId: string): boolean {
    const { clock, log } = this.#parts;
    const since = this.#failingSince.get(viewId) ?? clock();
    this.#failingSince.set(viewId, since);
    if (clock().getTime() - since.getTime() < GIVE_UP_MS) return false;
    log.error({ viewId }, 'a dialog could not be emptied in an hour');
    return true;
  }

  async #forget(viewId: string): Promise<void> {
    this.#failingSince.delete(viewId);
    await this.#parts.memory.forgetDialog(viewId);
  }

  #wordsIn(locale: string | null): Wording {
    return this.#parts.languages.speechFor(locale).words;
  }
}
