// What just happened: the audit's entries, newest first, and the root of its tree.
import { find, make, timeElement } from './dom.js';
import type { TrailView } from './wire.js';

const ROOT_CHARACTERS = 8;

export class TrailPane {
  readonly #entries: HTMLElement;
  readonly #tree: HTMLElement;
  readonly #onNews: () => void;
  #seen = new Set<string>();

  constructor(section: HTMLElement, onNews: () => void) {
    this.#entries = find(section, '.entries', HTMLElement);
    this.#tree = find(section, '.tree', HTMLElement);
    this.#onNews = onNews;
  }

  show({ entries, size, root }: TrailView): void {
    this.#tree.replaceChildren(...treeParts(size, root));
    const first = this.#seen.size === 0;
    const keys = entries.map((entry) => `${entry.at} ${entry.text}`);
    const rows = entries.map((entry, index) => {
      const isNew = !first && !this.#seen.has(keys[index] ?? '');
      return make('li', isNew ? 'entry new' : 'entry', timeElement(entry.at, 'medium'), make('span', '', entry.text));
    });
    const news = keys.some((key) => !this.#seen.has(key)) && !first;
    this.#seen = new Set(keys);
    this.#entries.replaceChildren(...(rows.length > 0 ? rows : [make('li', 'empty', 'Nothing yet.')]));
    if (news) this.#onNews();
  }
}

function treeParts(size: number, root: string | null): (Node | string)[] {
  const entries = `Tree of ${size} ${size === 1 ? 'entry' : 'entries'}`;
  if (root === null) return [entries];
  const short = make('code', '', root.length > ROOT_CHARACTERS ? `${root.slice(0, ROOT_CHARACTERS)}…` : root);
  short.title = root;
  return [`${entries} · root `, short];
}
