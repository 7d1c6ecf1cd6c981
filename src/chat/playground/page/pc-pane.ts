// The locked PC: Windows' unblock screen, with a simulated smart card in its reader.
import { RequestRefused, post } from './api.js';
import { copyText, find, offer } from './dom.js';
import type { CardReply, CardView, PersonView } from './wire.js';

export class PcPane {
  readonly #select: HTMLSelectElement;
  readonly #title: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #groups: HTMLElement;
  readonly #says: HTMLElement;
  readonly #tries: HTMLElement;
  readonly #forms: Readonly<Record<Screen, HTMLFormElement>>;
  readonly #onNews: () => void;
  readonly #windowsClosed = new Set<string>();
  #cards: readonly CardView[] = [];
  #people: readonly PersonView[] = [];

  constructor(section: HTMLElement, onNews: () => void) {
    this.#onNews = onNews;
    this.#select = find(section, 'select[name=card]', HTMLSelectElement);
    this.#title = find(section, '.screen-title', HTMLElement);
    this.#hint = find(section, '.screen-hint', HTMLElement);
    this.#groups = find(section, '.groups', HTMLElement);
    this.#says = find(section, '.says', HTMLElement);
    this.#tries = find(section, '.tries', HTMLElement);
    this.#forms = {
      unblock: find(section, 'form.unblock', HTMLFormElement),
      closed: find(section, 'form.closed', HTMLFormElement),
      'sign-in': find(section, 'form.sign-in', HTMLFormElement),
    };
    this.#wire(section);
  }

  showPeople(people: readonly PersonView[]): void {
    this.#people = people;
    this.#showChoice();
  }

  showCards(cards: readonly CardView[]): void {
    this.#cards = cards;
    this.#showChoice();
  }

  /** Puts this person's card into the reader, if they hold one. */
  chooseCardOf(personId: string): void {
    const own = this.#cards.find((card) => card.holderId === personId);
    if (own === undefined || this.#card()?.holderId === personId) return;
    this.#select.value = own.serial;
    this.#startOver();
  }

  #wire(section: HTMLElement): void {
    this.#select.addEventListener('change', () => this.#startOver());
    section.addEventListener('click', (event) => {
      const pressed = event.target instanceof HTMLButtonElement ? event.target.dataset['do'] : undefined;
      if (pressed !== undefined) void this.#do(pressed);
    });
    this.#forms.unblock.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#exchange('answer', fieldsOf(this.#forms.unblock));
    });
    this.#forms['sign-in'].addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#exchange('sign-in', fieldsOf(this.#forms['sign-in']));
    });
  }

  async #do(what: string): Promise<void> {
    if (what === 'new') await this.#exchange('challenge', {});
    if (what === 'close') await this.#exchange('close', {});
    if (what === 'block') await this.#exchange('block', {});
    if (what === 'copy') this.#say(await copyText(this.#groups.textContent), true);
  }

  async #exchange(path: string, fields: object): Promise<void> {
    const serial = this.#select.value;
    try {
      const reply = await post<CardReply>(`/playground/pc/${path}`, { serial, ...fields });
      this.#receive(path, reply);
    } catch (error) {
      this.#say(error instanceof RequestRefused ? error.message : 'Something went wrong. Try again.', false);
    }
  }

  #receive(path: string, { card, good, says }: CardReply): void {
    const before = this.#screen();
    if (path === 'close') this.#windowsClosed.add(card.serial);
    else this.#windowsClosed.delete(card.serial);
    this.#cards = this.#cards.map((each) => (each.serial === card.serial ? card : each));
    this.#say(says, good);
    this.#show();
    if (path === 'challenge' || card.challenge === null) clearField(this.#forms.unblock, 'response');
    if (!card.blocked) this.#forms.unblock.reset();
    this.#forms['sign-in'].reset();
    if (this.#screen() !== before) this.#focusFirst(this.#screen());
    this.#onNews();
  }

  #startOver(): void {
    for (const form of Object.values(this.#forms)) form.reset();
    this.#say('', true);
    this.#show();
  }

  #showChoice(): void {
    const names = new Map(this.#people.map((person) => [person.id, person.name]));
    const options = this.#cards.map(({ serial, label, holderId }) => ({
      value: serial,
      label: `${names.get(holderId) ?? holderId}: ${label}`,
    }));
    offer(this.#select, options);
    this.#show();
  }

  #show(): void {
    const card = this.#card();
    const screen = this.#screen();
    for (const [name, form] of Object.entries(this.#forms)) form.hidden = card === undefined || name !== screen;
    this.#title.textContent = card === undefined ? 'No smart card' : TITLES[screen];
    this.#hint.textContent = card === undefined ? 'This PC has no simulated card.' : hintFor(card, screen);
    this.#showAnswer(card?.wants ?? 'response');
    this.#groups.textContent = card?.challenge ?? 'No challenge';
    this.#tries.textContent = card === undefined ? '' : triesSentence(card);
    find(this.#forms.unblock, '[data-do=copy]', HTMLButtonElement).disabled = (card?.challenge ?? null) === null;
  }

  /** A card that wants its PUK shows no challenge, and its window asks for nothing else. */
  #showAnswer(wants: CardView['wants']): void {
    const form = this.#forms.unblock;
    find(form, '.challenge', HTMLElement).hidden = wants === 'puk';
    find(form, '.answer-name', HTMLElement).textContent = wants === 'puk' ? 'PUK' : 'Response';
    find(this.#forms.closed, '[data-do=new]', HTMLButtonElement).textContent = wants === 'puk' ? 'Unblock window' : 'New challenge';
  }

  #say(sentence: string, good: boolean): void {
    this.#says.textContent = sentence;
    this.#says.dataset['good'] = String(good);
  }

  #focusFirst(screen: Screen): void {
    const first = this.#forms[screen].querySelector('input, button');
    if (first instanceof HTMLElement) first.focus();
  }

  #screen(): Screen {
    const card = this.#card();
    if (card?.blocked === false) return 'sign-in';
    return card === undefined || this.#windowsClosed.has(card.serial) ? 'closed' : 'unblock';
  }

  #card(): CardView | undefined {
    return this.#cards.find((card) => card.serial === this.#select.value);
  }
}

type Screen = 'unblock' | 'closed' | 'sign-in';

const TITLES: Record<Screen, string> = {
  unblock: 'Unblock smart card',
  closed: 'Smart card blocked',
  'sign-in': 'Sign in with your smart card',
};

const HINTS: Record<Screen, string> = {
  unblock: 'The PIN is blocked. Give the challenge to the bot, then type the response it shows.',
  closed: 'The PIN was typed wrong too often. Open the unblock window to get a challenge.',
  'sign-in': 'The card is ready. Three wrong PINs in a row block it.',
};

function hintFor({ wants }: CardView, screen: Screen): string {
  if (wants === 'puk' && screen === 'unblock') return 'The PIN is blocked, and only the PUK resets it. Ask the bot for it, then type it here.';
  return wants === 'puk' && screen === 'closed' ? 'The PIN was typed wrong too often. Open the unblock window.' : HINTS[screen];
}

function triesSentence(card: CardView): string {
  if (!card.blocked) return `PIN tries left: ${card.pinTriesLeft}`;
  return `PIN tries left: 0 · Refused responses: ${card.refusedResponses}`;
}

function fieldsOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']));
}

function clearField(form: HTMLFormElement, name: string): void {
  find(form, `input[name=${name}]`, HTMLInputElement).value = '';
}
