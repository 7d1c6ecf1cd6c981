// The authenticator: every sample person's current one-time code, with a ring that runs down.
import { copyText, find, make } from './dom.js';
import type { CodeView, PersonView } from './wire.js';

const SECOND_MS = 1_000;
/** RFC 6238's default step. */
const STEP_SECONDS = 30;
const SVG = 'http://www.w3.org/2000/svg';

interface Row {
  readonly element: HTMLElement;
  readonly digits: HTMLElement;
  readonly ring: SVGElement;
  readonly left: HTMLElement;
  code: string;
  endsAt: number;
}

export class CodesPane {
  readonly #list: HTMLElement;
  readonly #codeless: HTMLElement;
  readonly #copied: HTMLElement;
  readonly #rows = new Map<string, Row>();
  #people: readonly PersonView[] = [];
  #codes: readonly CodeView[] = [];

  constructor(section: HTMLElement) {
    this.#list = find(section, '.code-list', HTMLElement);
    this.#codeless = find(section, '.codeless', HTMLElement);
    this.#copied = find(section, '.copied', HTMLElement);
    setInterval(() => this.#runDown(), SECOND_MS);
  }

  showPeople(people: readonly PersonView[]): void {
    this.#people = people;
    this.#showCodeless();
  }

  showCodes(codes: readonly CodeView[]): void {
    this.#codes = codes;
    const keys = codes.map(rowKey);
    for (const [key, { element }] of this.#rows) {
      if (keys.includes(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    for (const code of codes) this.#showCode(code);
    this.#list.append(...keys.flatMap((key) => this.#rows.get(key)?.element ?? []));
    this.#runDown();
    this.#showCodeless();
  }

  #showCode(view: CodeView): void {
    const row = this.#rows.get(rowKey(view)) ?? this.#makeRow(view);
    row.code = view.code;
    row.endsAt = performance.now() + view.secondsLeft * SECOND_MS;
    const middle = Math.ceil(view.code.length / 2);
    row.digits.replaceChildren(
      make('span', '', view.code.slice(0, middle)),
      make('span', '', view.code.slice(middle)),
    );
  }

  #makeRow(view: CodeView): Row {
    const digits = make('span', 'digits');
    const ring = makeRing();
    const left = make('span', 'left');
    const copy = make('button', 'quiet', 'Copy');
    const whose = `${this.#calledName(view)}'s ${view.isNew ? 'new code' : 'code'}`;
    copy.type = 'button';
    copy.setAttribute('aria-label', `Copy ${whose}`);
    const name = make('span', 'name', view.name);
    if (view.isNew) name.append(make('small', '', 'being set up'));
    const timer = make('span', 'timer', ring, left);
    const element = make('li', 'code-row', makeInitials(view.name), name, digits, timer, copy);
    const row = { element, digits, ring, left, code: view.code, endsAt: 0 };
    copy.addEventListener('click', () => {
      void copyText(row.code).then((news) => {
        this.#copied.textContent = news === 'Copied.' ? `${whose} is copied.` : news;
        copy.classList.add('done');
        setTimeout(() => copy.classList.remove('done'), SECOND_MS);
      });
    });
    this.#rows.set(rowKey(view), row);
    return row;
  }

  #runDown(): void {
    for (const { ring, left, endsAt } of this.#rows.values()) {
      const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / SECOND_MS));
      ring.style.setProperty('--left', String(Math.min(1, seconds / STEP_SECONDS)));
      ring.classList.toggle('ending', seconds <= 5);
      left.textContent = `${seconds} s`;
    }
  }

  /** The first name, unless two people share it. */
  #calledName({ name, personId }: CodeView): string {
    const first = firstName(name);
    return this.#codes.some((other) => other.personId !== personId && firstName(other.name) === first) ? name : first;
  }

  #showCodeless(): void {
    const having = new Set(this.#codes.map((code) => code.personId));
    const without = this.#people.filter((person) => !having.has(person.id)).map((person) => person.name);
    this.#codeless.textContent = without.length === 0 ? '' : `No authenticator on this page: ${without.join(', ')}.`;
  }
}

function rowKey(code: CodeView): string {
  return `${code.personId}${code.isNew ? ' new' : ''}`;
}

function firstName(name: string): string {
  return name.split(' ')[0] ?? name;
}

function makeInitials(name: string): HTMLElement {
  const letters = name.split(' ').map((word) => word.charAt(0)).slice(0, 2).join('');
  const badge = make('span', 'initials', letters);
  badge.setAttribute('aria-hidden', 'true');
  return badge;
}

function makeRing(): SVGElement {
  const ring = document.createElementNS(SVG, 'svg');
  ring.setAttribute('viewBox', '0 0 24 24');
  ring.setAttribute('aria-hidden', 'true');
  ring.classList.add('ring');
  for (const part of ['track', 'run']) {
    const circle = document.createElementNS(SVG, 'circle');
    for (const [name, value] of Object.entries({ cx: '12', cy: '12', r: '9', pathLength: '1' })) circle.setAttribute(name, value);
    circle.classList.add(part);
    ring.append(circle);
  }
  return ring;
}
