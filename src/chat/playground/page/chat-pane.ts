// One phone: a person's chat with the bot, or the helpdesk's channel with an agent's own chat woven in.
import { RequestRefused, post } from './api.js';
import { draw } from './drawing.js';
import type { Pressed } from './drawing.js';
import { find, make, offer, timeElement } from './dom.js';
import { FormDialog } from './form-dialog.js';
import type { FeedItem, PersonView, ReplyView, World } from './wire.js';

const TOAST_MS = 8_000;
/** Left free above the message that is scrolled to. */
const MARGIN_PX = 8;

export type PaneRole = 'employee' | 'manager' | 'helpdesk';

interface Shown {
  readonly element: HTMLElement;
  readonly version: string;
}

/** A feed item, and whether nobody but this person sees it although a channel is on the screen. */
type PlacedItem = FeedItem & { readonly privately: boolean };

export class ChatPane {
  readonly name: string;
  readonly #role: PaneRole;
  readonly #who: HTMLSelectElement;
  readonly #channel: HTMLSelectElement;
  readonly #feed: HTMLElement;
  readonly #toast: HTMLElement;
  readonly #dialog: FormDialog;
  readonly #onNews: () => void;
  readonly #shown = new Map<string, Shown>();
  #places: World['places'] = {};
  /** What is drawn from here on is news. */
  #settled = false;
  #hideToast: ReturnType<typeof setTimeout> | undefined;

  constructor(section: HTMLElement, parts: { readonly onNews: () => void; readonly onWho: (personId: string) => void }) {
    this.name = section.getAttribute('aria-label') ?? '';
    this.#role = parseRole(section.dataset['role']);
    this.#onNews = parts.onNews;
    section.append(find(document, '#chat', HTMLTemplateElement).content.cloneNode(true));
    find(section, 'h2', HTMLElement).textContent = this.name;
    this.#who = find(section, 'select[name=who]', HTMLSelectElement);
    this.#channel = find(section, 'select[name=channel]', HTMLSelectElement);
    this.#feed = find(section, '.feed', HTMLElement);
    this.#toast = find(section, '.toast', HTMLElement);
    this.#dialog = new FormDialog(find(section, 'dialog', HTMLDialogElement), `dialog-${this.#role}`, {
      onPress: (pressed) => void this.#press(pressed),
      onNews: (sentence) => this.#say(sentence),
    });
    this.#wire(section, parts.onWho);
  }

  get personId(): string {
    return this.#who.value;
  }

  showPeople(people: readonly PersonView[]): void {
    const first = people.find((person) => suits(person, this.#role)) ?? people[0];
    offer(this.#who, people.map(({ id, name }) => ({ value: id, label: name })), first?.id);
    this.#drawFeed();
  }

  showPlaces(places: World['places']): void {
    this.#places = places;
    this.#drawFeed();
    this.#settled = true;
  }

  /** Scrolls to the newest message; what arrived while the pane was hidden could not be scrolled to. */
  showLatest(): void {
    const last = this.#feed.lastElementChild;
    if (last instanceof HTMLElement) this.#scrollTo(last);
  }

  #wire(section: HTMLElement, onWho: (personId: string) => void): void {
    find(section, '.channel', HTMLElement).hidden = this.#role !== 'helpdesk';
    const quick = find(section, '.quick', HTMLElement);
    quick.hidden = this.#role !== 'employee';
    quick.addEventListener('click', (event) => {
      if (event.target instanceof HTMLButtonElement) void this.#press({ kind: 'pressed', action: 'start-unblock', target: '' });
    });
    this.#channel.addEventListener('change', () => this.#startOver());
    this.#who.addEventListener('change', () => {
      this.#startOver();
      onWho(this.personId);
    });
    const composer = find(section, '.composer', HTMLFormElement);
    composer.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#sendWords(find(composer, 'input', HTMLInputElement));
    });
  }

  async #sendWords(input: HTMLInputElement): Promise<void> {
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    await this.#ask('/playground/say', { text });
  }

  async #press(pressed: Pressed): Promise<void> {
    if (pressed['kind'] !== 'submitted') {
      await this.#ask('/playground/press', { action: pressed['action'], target: pressed['target'] });
      return;
    }
    const { form, formId, target } = pressed;
    await this.#ask('/playground/submit', { form, formId, target, inputs: this.#dialog.inputs() });
  }

  async #ask(path: string, body: object): Promise<void> {
    const personId = this.personId;
    this.#say('');
    this.#dialog.setBusy(true);
    try {
      const reply = await post<ReplyView>(path, { personId, deliveryId: crypto.randomUUID(), ...body });
      this.#dialog.setBusy(false);
      // Whoever the pane shows by now must not be given another person's reply.
      if (personId === this.personId) this.#receive(reply);
    } catch (error) {
      this.#dialog.setBusy(false);
      this.#say(error instanceof RequestRefused ? error.message : 'Something went wrong. Try again.');
    }
  }

  #receive(reply: ReplyView): void {
    switch (reply.kind) {
      case 'nothing':
        return;
      case 'message':
        this.#dialog.close();
        return;
      case 'form':
        this.#dialog.open(reply.form);
        return;
      case 'field-errors':
        this.#dialog.showErrors(reply.errors);
        return;
      case 'done':
        this.#dialog.close();
        if (reply.say !== null) this.#say(reply.say);
        return;
    }
  }

  #say(sentence: string): void {
    clearTimeout(this.#hideToast);
    this.#toast.textContent = sentence;
    this.#hideToast = setTimeout(() => this.#toast.replaceChildren(), TOAST_MS);
  }

  /** Another person or channel: nothing of the one before stays on the screen. */
  #startOver(): void {
    this.#dialog.close();
    this.#say('');
    this.#feed.replaceChildren();
    this.#shown.clear();
    this.#settled = false;
    this.#drawFeed();
    this.#settled = true;
  }

  #items(): PlacedItem[] {
    const own = this.#places[`person:${this.personId}`] ?? [];
    if (this.#role !== 'helpdesk') return own.map((item) => ({ ...item, privately: false }));
    const channel = this.#places[`channel:${this.#channel.value}`] ?? [];
    return [
      ...channel.map((item) => ({ ...item, privately: false })),
      ...own.map((item) => ({ ...item, privately: true })),
    ].sort((a, b) => a.at.localeCompare(b.at));
  }

  /** Draws what is new or changed and leaves the rest alone, so that focus and reading position stay. */
  #drawFeed(): void {
    const items = this.#items();
    const drawn = items.flatMap((item) => this.#drawItem(item));
    this.#forget(new Set(items.map((item) => item.id)));
    this.#showEmptyHint(items.length === 0);
    const last = drawn.at(-1);
    if (last === undefined) return;
    this.#scrollTo(last);
    if (this.#settled) this.#onNews();
  }

  /** Scrolls the feed alone: scrollIntoView would move the whole page as well. */
  #scrollTo(element: HTMLElement): void {
    this.#feed.scrollTop = Math.max(0, element.offsetTop - MARGIN_PX);
  }

  #drawItem(item: PlacedItem): HTMLElement[] {
    const version = JSON.stringify(item);
    const shown = this.#shown.get(item.id);
    if (shown?.version === version) return [];
    const element = item.kind === 'words' ? wordsElement(item) : this.#messageElement(item);
    const focused = shown?.element.contains(document.activeElement) === true;
    if (shown === undefined) this.#feed.append(element);
    else shown.element.replaceWith(element);
    if (focused) element.focus();
    this.#shown.set(item.id, { element, version });
    return [element];
  }

  #messageElement(item: Extract<PlacedItem, { kind: 'bot' }>): HTMLElement {
    const article = make('article', 'message');
    article.tabIndex = -1;
    article.setAttribute('aria-label', item.title);
    const notes = [item.edited ? 'updated' : '', item.privately ? 'only you can see this' : ''].filter((note) => note !== '');
    const byline = make('p', 'byline', make('b', '', 'Countersign'), ' ', timeElement(item.at));
    if (notes.length > 0) byline.append(` · ${notes.join(' · ')}`);
    const { element } = draw(item.drawing, (pressed) => void this.#press(pressed));
    article.append(byline, make('div', 'bubble', element));
    return article;
  }

  #forget(stillThere: ReadonlySet<string>): void {
    for (const [id, { element }] of this.#shown) {
      if (stillThere.has(id)) continue;
      element.remove();
      this.#shown.delete(id);
    }
  }

  #showEmptyHint(empty: boolean): void {
    this.#feed.querySelector('.empty')?.remove();
    if (empty) this.#feed.append(make('p', 'empty', EMPTY_HINTS[this.#role]));
  }
}

const EMPTY_HINTS: Record<PaneRole, string> = {
  employee: 'Card blocked? Press “Unblock my card”, or write “unblock” to the bot.',
  manager: 'Nothing to decide yet. Requests from your team arrive here.',
  helpdesk: 'Nothing in this channel yet. Requests for the helpdesk arrive here.',
};

function wordsElement(item: Extract<FeedItem, { kind: 'words' }>): HTMLElement {
  const article = make('article', 'message own', make('p', 'byline', make('b', '', 'You'), ' ', timeElement(item.at)));
  article.append(make('p', 'bubble', item.text));
  return article;
}

function suits(person: PersonView, role: PaneRole): boolean {
  return role === 'employee' ? person.roles.length === 0 : person.roles.includes(role);
}

function parseRole(text: string | undefined): PaneRole {
  return text === 'manager' || text === 'helpdesk' ? text : 'employee';
}
