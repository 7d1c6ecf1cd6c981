// HTML with everything that comes from outside escaped.

/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A template whose values are escaped, unless they are Html themselves (or lists of it). */
export function html(texts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const filled = texts.map((text, at) => text + (at < values.length ? toMarkup(values[at] ?? '') : ''));
  return new Html(filled.join(''));
}

function toMarkup(value: string | Html | readonly Html[]): string {
  if (value instanceof Html) return value.toString();
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  return value.map((part) => part.toString()).join('');
}
