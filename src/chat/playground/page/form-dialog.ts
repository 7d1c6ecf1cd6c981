// A dialog of the bot, over one person's chat. Not modal: the locked PC and the authenticator must stay within reach.
import { draw } from './drawing.js';
import type { Drawn, Pressed } from './drawing.js';
import { copyText, find, make } from './dom.js';
import type { FormView } from './wire.js';

const TIME_IS_OVER = 'This is hidden, because the time to show it is over. Close this window and ask again if you still need it.';
const REQUIRED = 'Please fill this in.';

interface DialogParts {
  readonly onPress: (pressed: Pressed) => void;
  readonly onNews: (sentence: string) => void;
}

export class FormDialog {
  readonly #dialog: HTMLDialogElement;
  readonly #heading: HTMLElement;
  readonly #sheet: HTMLElement;
  readonly #parts: DialogParts;
  #form: FormView | null = null;
  #drawn: Drawn | null = null;
  #emptying: ReturnType<typeof setTimeout> | undefined;
  #openedFrom: Element | null = null;

  constructor(dialog: HTMLDialogElement, headingId: string, parts: DialogParts) {
    this.#dialog = dialog;
    this.#parts = parts;
    this.#heading = find(dialog, 'h3', HTMLElement);
    this.#sheet = find(dialog, '.sheet', HTMLElement);
    this.#heading.id = headingId;
    this.#sheet.id = `${headingId}-sheet`;
    dialog.setAttribute('aria-labelledby', headingId);
    find(dialog, '.close', HTMLButtonElement).addEventListener('click', () => this.close());
    dialog.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  /** Opens the form, or replaces the one that is open. */
  open(form: FormView): void {
    if (!this.isOpen) this.#openedFrom = document.activeElement;
    this.#form = form;
    this.#drawn = draw(form.drawing, (pressed) => this.#onPress(pressed));
    this.#heading.textContent = form.title;
    this.#sheet.replaceChildren(this.#drawn.element);
    this.#prepareInputs(form, this.#drawn);
    this.#addCopyButtons(form, this.#drawn);
    this.#emptyAfter(form.emptyInMs);
    this.#setOthersInert(true);
    // A dialog that is only to be read is read out when it opens.
    if (form.fields.length === 0) this.#dialog.setAttribute('aria-describedby', this.#sheet.id);
    else this.#dialog.removeAttribute('aria-describedby');
    if (!this.isOpen) this.#dialog.show();
    this.#sheet.scrollTop = 0;
    this.#focusFirst();
  }

  close(): void {
    if (!this.isOpen) return;
    clearTimeout(this.#emptying);
    this.#dialog.close();
    this.#empty();
    this.#setOthersInert(false);
    if (this.#openedFrom instanceof HTMLElement && this.#openedFrom.isConnected) this.#openedFrom.focus();
  }

  /** While the server thinks, a second press does nothing. */
  setBusy(busy: boolean): void {
    this.#sheet.inert = busy;
    this.#dialog.setAttribute('aria-busy', String(busy));
  }

  /** What stands in the fields, by field id. */
  inputs(): Record<string, string> {
    const fields = this.#form?.fields ?? [];
    return Object.fromEntries(fields.map(({ id }) => [id, this.#controlOf(id)?.value ?? '']));
  }

  /** Each sentence at its field, a one-time code that was turned down emptied, and the first of them focused. */
  showErrors(errors: Readonly<Record<string, string>>): void {
    for (const field of this.#form?.fields ?? []) {
      const control = this.#controlOf(field.id);
      if (control === null) continue;
      this.#markError(control, field.id, errors[field.id]);
      if (field.oneTimeCode && errors[field.id] !== undefined) control.value = '';
    }
    const first = this.#form?.fields.find((field) => errors[field.id] !== undefined);
    if (first !== undefined) this.#controlOf(first.id)?.focus();
    const astray = Object.keys(errors).filter((id) => this.#controlOf(id) === null);
    for (const id of astray) this.#parts.onNews(errors[id] ?? '');
  }

  #onPress(pressed: Pressed): void {
    const missing = pressed['kind'] === 'submitted' ? this.#missingFields() : [];
    if (missing.length > 0) {
      this.showErrors(Object.fromEntries(missing.map((id) => [id, REQUIRED])));
      return;
    }
    this.#parts.onPress(pressed);
  }

  #missingFields(): string[] {
    const required = this.#form?.fields.filter((field) => field.required) ?? [];
    return required.map(({ id }) => id).filter((id) => this.#controlOf(id)?.value.trim() === '');
  }

  #prepareInputs(form: FormView, drawn: Drawn): void {
    for (const { id, oneTimeCode } of form.fields) {
      const control = this.#controlOf(id);
      if (control === null) continue;
      control.name = id;
      control.setAttribute('autocomplete', oneTimeCode ? 'one-time-code' : 'off');
      control.spellcheck = !oneTimeCode && control instanceof HTMLTextAreaElement;
      const hint = drawn.card.getElementById(`${id}-hint`)?.renderedElement;
      if (hint === undefined) continue;
      hint.id = `${control.id}-hint`;
      control.setAttribute('aria-describedby', hint.id);
    }
  }

  #addCopyButtons(form: FormView, drawn: Drawn): void {
    for (const { elementId, label, text } of form.copies) {
      const button = make('button', 'quiet', `Copy ${insideSentence(label)}`);
      button.type = 'button';
      button.addEventListener('click', () => void copyText(text).then(this.#parts.onNews));
      drawn.card.getElementById(elementId)?.renderedElement?.append(button);
    }
  }

  #markError(control: FormControl, id: string, sentence: string | undefined): void {
    this.#sheet.querySelector(`#${control.id}-error`)?.remove();
    const hint = this.#sheet.querySelector(`#${control.id}-hint`) === null ? '' : `${control.id}-hint`;
    control.toggleAttribute('aria-invalid', false);
    control.setAttribute('aria-describedby', hint);
    if (sentence === undefined) return;
    const error = make('p', 'field-error', sentence);
    error.id = `${control.id}-error`;
    error.dataset['field'] = id;
    control.setAttribute('aria-invalid', 'true');
    control.setAttribute('aria-describedby', `${error.id} ${hint}`.trim());
    control.parentElement?.after(error);
  }

  #controlOf(fieldId: string): FormControl | null {
    const input = this.#drawn?.card.getAllInputs().find((each) => each.id === fieldId);
    const control = input?.renderedElement?.querySelector('input, select, textarea');
    return isFormControl(control) ? control : null;
  }

  /** The first field, unless there is something to read before it. */
  #focusFirst(): void {
    const first = this.#sheet.querySelector('input, select, textarea');
    const inSight = first !== null && first.getBoundingClientRect().bottom < this.#sheet.getBoundingClientRect().bottom;
    if (inSight && isFormControl(first)) first.focus();
    else this.#heading.focus();
  }

  #emptyAfter(ms: number | null): void {
    clearTimeout(this.#emptying);
    if (ms === null) return;
    this.#emptying = setTimeout(() => {
      this.#empty();
      const over = make('p', 'over', TIME_IS_OVER);
      over.setAttribute('role', 'alert');
      this.#sheet.replaceChildren(over);
      this.#heading.focus();
    }, ms);
  }

  #empty(): void {
    this.#form = null;
    this.#drawn = null;
    this.#sheet.replaceChildren();
  }

  #setOthersInert(inert: boolean): void {
    for (const sibling of this.#dialog.parentElement?.children ?? []) {
      if (sibling !== this.#dialog && sibling instanceof HTMLElement && !sibling.matches('.toast')) sibling.inert = inert;
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    }
    // Adaptive Cards have no form of their own: Enter in a line sends, as everywhere else.
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      this.#drawn?.card.getAllActions().find((action) => action.style === 'positive')?.execute();
    }
  }
}

type FormControl = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function isFormControl(element: unknown): element is FormControl {
  return (
    element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement
  );
}

/** An abbreviation such as PUK stays as it is. */
function insideSentence(label: string): string {
  return label === label.toUpperCase() ? label : `${label.charAt(0).toLowerCase()}${label.slice(1)}`;
}
