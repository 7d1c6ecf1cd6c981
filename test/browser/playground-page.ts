// The page as a person sees it: its regions by name, and what can be read off them.
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { SECOND_MS } from '../../src/lib/clock.js';

/** Long enough that every authenticator shows its next code. */
const NEXT_CODE_MS = 30 * SECOND_MS;
/** Whoever joins the stream makes the server tell every page the codes of now; by itself it would wait for a real half-minute. */
const ASK_FOR_CODES = `new Promise((resolve) => {
  const events = new EventSource('/playground/events');
  events.addEventListener('codes', () => resolve(events.close()));
})`;
/** More than the page has places where the Tab key stops. */
const MOST_STOPS = 60;
const RESPONSE = /Response\s+((?:[0-9A-F]{4}\s?){4})/;

export interface Visit {
  readonly address: string;
  /** Moves the server's clock. */
  readonly later: (ms: number) => Promise<void>;
}

export class PlaygroundPage {
  readonly page: Page;
  readonly pc: Locator;
  readonly employee: Locator;
  readonly manager: Locator;
  readonly helpdesk: Locator;
  readonly authenticator: Locator;
  readonly trail: Locator;
  readonly #visit: Visit;

  private constructor(page: Page, visit: Visit) {
    const region = (name: string) => page.getByRole('region', { name });
    this.page = page;
    this.#visit = visit;
    this.pc = region('Locked PC');
    this.employee = region('Employee');
    this.manager = region('Manager');
    this.helpdesk = region('Helpdesk');
    this.authenticator = region('Authenticator');
    this.trail = region('What just happened');
  }

  /** Opens the address in a new tab and waits until the page is live. */
  static async open(context: BrowserContext, visit: Visit): Promise<PlaygroundPage> {
    const opened = new PlaygroundPage(await context.newPage(), visit);
    await opened.page.goto(visit.address);
    await opened.page.getByText('Live', { exact: true }).waitFor();
    await opened.pc.waitFor();
    return opened;
  }

  /** A second tab of the same browser, which has the cookie already. It stays behind this one. */
  async openTab(): Promise<PlaygroundPage> {
    const address = new URL('/', this.#visit.address).href;
    const tab = await PlaygroundPage.open(this.page.context(), { ...this.#visit, address });
    await this.page.bringToFront();
    return tab;
  }

  later(ms: number): Promise<void> {
    return this.#visit.later(ms);
  }

  /** What the locked PC shows, in groups of four. */
  async challenge(): Promise<string> {
    const shown = this.pc.locator('.groups').filter({ hasText: /^([0-9A-F]{4} ?){4}$/ });
    return (await shown.textContent()) ?? '';
  }

  /** The one-time code in the authenticator. */
  async code(name: string): Promise<string> {
    return (await this.#digits(name).textContent()) ?? '';
  }

  /** Waits for the authenticator's next code: the one before may be spent. */
  async nextCode(name: string): Promise<string> {
    const before = await this.code(name);
    await this.later(NEXT_CODE_MS);
    await this.page.evaluate(ASK_FOR_CODES);
    await this.#digits(name).filter({ hasNotText: before }).waitFor();
    return this.code(name);
  }

  /** A code that the authenticator never shows in these minutes, another one for each `round`. */
  async wrongCode(name: string, round = 0): Promise<string> {
    const right = Number(await this.code(name));
    return String((right + 111_111 * (round + 1)) % 1_000_000).padStart(6, '0');
  }

  /** What has the keyboard's focus, as a screen reader names it: role and name. */
  async focused(): Promise<string> {
    const focus = this.page.locator(':focus');
    return (await focus.count()) === 0 ? '' : focus.ariaSnapshot();
  }

  /** Presses Tab until this has the focus. */
  async tabTo(roleAndName: string): Promise<void> {
    for (let presses = 0; presses < MOST_STOPS; presses += 1) {
      if ((await this.focused()).startsWith(`- ${roleAndName}`)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`the Tab key never comes to ${roleAndName}`);
  }

  /** From now on the page is told of changes, but never gets to see them: a slow line. */
  async hearNothingMore(): Promise<void> {
    await this.page.route('**/playground/world*', () => undefined);
  }

  /** Waits until what was sent from this open dialog is answered. */
  async answered(dialog: Locator): Promise<void> {
    await dialog.and(this.page.locator('[aria-busy=false]')).waitFor();
  }

  /** The response in the employee's open dialog, in groups of four. */
  async response(): Promise<string> {
    const dialog = this.employee.getByRole('dialog', { name: 'Response for your card' });
    const shown = RESPONSE.exec(await dialog.innerText())?.[1] ?? '';
    return shown.trim();
  }

  #digits(name: string): Locator {
    return this.authenticator.getByRole('listitem').filter({ hasText: name }).locator('.digits');
  }
}
