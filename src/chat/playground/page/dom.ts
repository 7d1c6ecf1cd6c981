// The few things that every pane does with the document.

/** The element that the page's own markup is known to hold. */
export function find<E extends Element>(within: ParentNode, selector: string, kind: abstract new () => E): E {
  const found = within.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${selector}`);
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

/** Offers these options; keeps the choice if it is still among them, else takes `first`, else the first. */
export function offer(select: HTMLSelectElement, options: readonly { value: string; label: string }[], first?: string): void {
  const values = options.map((option) => option.value);
  const wanted = [select.value, first].find((value) => value !== undefined && values.includes(value));
  select.replaceChildren(...options.map(({ value, label }) => new Option(label, value)));
  if (wanted !== undefined) select.value = wanted;
}

/** The time of day as the reader's own clock shows it; 'medium' has seconds. */
export function timeElement(iso: string, style: 'short' | 'medium' = 'short'): HTMLTimeElement {
  const time = make('time', '', new Date(iso).toLocaleTimeString([], { timeStyle: style }));
  time.dateTime = iso;
  return time;
}

export async function copyText(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    // The browser may forbid it; the text still stands there to be typed.
    return 'The browser did not allow copying. Please type it.';
  }
}
