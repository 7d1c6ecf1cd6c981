// On a narrow screen the panes become tabs (WAI-ARIA tabs pattern: arrow keys move, the tab follows the focus).
import { make } from './dom.js';

const NARROW = '(max-width: 760px)';

export class Tabs {
  readonly #list: HTMLElement;
  readonly #narrow = matchMedia(NARROW);
  readonly #onShown: (name: string) => void;
  readonly #tabs: readonly { readonly name: string; readonly tab: HTMLButtonElement; readonly panel: HTMLElement }[];
  #shown = 0;

  constructor(list: HTMLElement, panels: readonly HTMLElement[], onShown: (name: string) => void) {
    this.#list = list;
    this.#onShown = onShown;
    this.#tabs = panels.map((panel, index) => this.#makeTab(panel, index));
    list.append(...this.#tabs.map(({ tab }) => tab));
    list.addEventListener('keydown', (event) => this.#onKey(event));
    this.#narrow.addEventListener('change', () => this.#arrange());
    this.#arrange();
  }

  /** Marks a tab that is not open: something new is behind it. */
  markNew(name: string): void {
    const index = this.#tabs.findIndex((each) => each.name === name);
    const tab = this.#tabs[index]?.tab;
    if (tab === undefined || index === this.#shown) return;
    tab.classList.add('new');
    tab.setAttribute('aria-description', 'Something new');
  }

  #makeTab(panel: HTMLElement, index: number): { name: string; tab: HTMLButtonElement; panel: HTMLElement } {
    const name = panel.querySelector('section')?.getAttribute('aria-label') ?? '';
    const tab = make('button', 'tab', name);
    tab.type = 'button';
    tab.id = `tab-${index}`;
    tab.setAttribute('role', 'tab');
    panel.id = `panel-${index}`;
    tab.setAttribute('aria-controls', panel.id);
    tab.addEventListener('click', () => this.#show(index));
    return { name, tab, panel };
  }

  #show(index: number): void {
    this.#shown = index;
    this.#arrange();
    this.#onShown(this.#tabs[index]?.name ?? '');
  }

  #arrange(): void {
    const narrow = this.#narrow.matches;
    this.#list.hidden = !narrow;
    this.#tabs.forEach(({ tab, panel }, index) => {
      const shown = index === this.#shown;
      tab.setAttribute('aria-selected', String(shown));
      tab.tabIndex = shown ? 0 : -1;
      panel.hidden = narrow && !shown;
      if (shown || !narrow) {
        tab.classList.remove('new');
        tab.removeAttribute('aria-description');
      }
      if (narrow) {
        panel.setAttribute('role', 'tabpanel');
        panel.setAttribute('aria-labelledby', tab.id);
      } else {
        panel.removeAttribute('role');
        panel.removeAttribute('aria-labelledby');
      }
    });
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#tabs.length - 1;
    const goals: Record<string, number> = {
      ArrowRight: this.#shown === last ? 0 : this.#shown + 1,
      ArrowLeft: this.#shown === 0 ? last : this.#shown - 1,
      Home: 0,
      End: last,
    };
    const goal = goals[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    this.#show(goal);
    this.#tabs[goal]?.tab.focus();
  }
}
