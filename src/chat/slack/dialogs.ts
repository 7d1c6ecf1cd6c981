// Modals in Slack: opened while their trigger lives, replaced, and emptied when the time to look at them is over.
import type { ModalView } from '@slack/types';
import { addMs, type Clock, SECOND_MS } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { newToken } from '../../lib/ids.js';
import type { Form } from '../message.js';
import type { Wording } from '../wording.js';
import { formView, sentenceView } from './dialog-view.js';
import type { SlackMemory } from './memory.js';
import { isRefusedFor, type SlackApi } from './slack-api.js';
import type { Workspace, Workspaces } from './workspaces.js';

const TRY_AGAIN_MS = 20 * SECOND_MS;
const NONCE_BITS = 48;
/** The person has closed it, or the workspace is gone: nobody looks at it any more. */
const CLOSED = ['not_found', 'view_not_found', 'token_revoked', 'account_inactive', 'invalid_auth'];

export interface DialogsParts {
  readonly api: SlackApi;
  readonly workspaces: Workspaces;
  readonly memory: SlackMemory;
  readonly words: Wording;
  readonly clock: Clock;
  readonly log: Log;
}

/** A modal as it is to be shown, and when it must be emptied. */
export interface Shown {
  readonly view: ModalView;
  readonly emptyAt: Date | null;
}

export class Dialogs {
  readonly #parts: DialogsParts;

  constructor(parts: DialogsParts) {
    this.#parts = parts;
  }

  draw(form: Form): Shown {
    const view = formView(form, { words: this.#parts.words, nonce: newToken(NONCE_BITS) });
    return { view, emptyAt: form.emptyAt === undefined ? null : new Date(form.emptyAt) };
  }

  sentence(text: string): Shown {
    return { view: sentenceView(text, this.#parts.words), emptyAt: null };
  }

  /** What stands in for a reply that takes its time. */
  waiting(): Shown {
    return this.sentence(this.#parts.words.say.wait);
  }

  /** Opens a modal and returns its id. A trigger works once, for three seconds; throws a SlackFault. */
  async open(workspace: Workspace, triggerId: string, shown: Shown): Promise<string> {
    // What must be emptied comes into a dialog whose id is known: if Slack's answer were lost, nobody could empty it.
    const { view } = shown.emptyAt === null ? shown : this.waiting();
    const opened = await this.#parts.api.call('views.open', workspace, (client) => client.views.open({ trigger_id: triggerId, view }));
    const viewId = opened.view?.id ?? '';
    if (shown.emptyAt !== null) await this.replace(workspace, viewId, shown);
    return viewId;
  }

  async replace(workspace: Workspace, viewId: string, { view, emptyAt }: Shown): Promise<void> {
    // Before it is shown: a response that nobody would empty must not be on a screen.
    if (emptyAt !== null) await this.remember(workspace, viewId, emptyAt);
    await this.#parts.api.call('views.update', workspace, (client) => client.views.update({ view_id: viewId, view }));
    if (emptyAt === null) await this.#parts.memory.forgetDialog(viewId);
  }

  /** From that time on the modal must show nothing any more. */
  async remember({ tenant }: Workspace, viewId: string, emptyAt: Date): Promise<void> {
    await this.#parts.memory.keepDialog({ viewId, tenant, emptyAt });
  }

  /** Empties every modal whose time is over. */
  async emptyDue(): Promise<void> {
    const { memory, clock } = this.#parts;
    const due = await memory.claimDialogs(clock(), addMs(clock(), TRY_AGAIN_MS));
    await Promise.all(due.map(({ viewId, tenant }) => this.#empty(viewId, tenant)));
  }

  async #empty(viewId: string, tenant: string): Promise<void> {
    const { workspaces, memory, words, log } = this.#parts;
    try {
      const workspace = await workspaces.of(tenant);
      if (workspace === null) await memory.forgetDialog(viewId);
      else await this.replace(workspace, viewId, this.sentence(words.say.windowOver));
    } catch (error) {
      if (isRefusedFor(error, CLOSED)) await memory.forgetDialog(viewId);
      else log.warn({ err: error }, 'a dialog could not be emptied; trying again');
    }
  }
}
