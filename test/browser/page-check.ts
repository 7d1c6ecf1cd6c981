// What a screen reader needs of the page, read off its document.
import type { Page } from 'playwright-core';

/** Runs in the page: each line says what is wrong with which element. */
const FAULTS = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const has = (element, ...names) => names.some((name) => (element.getAttribute(name) ?? '').trim() !== '');
  const say = (what) => (element) => what + ': ' + element.outerHTML.slice(0, 120);
  const references = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'];
  const ids = all('[id]').map((element) => element.id);
  return [
    ...all('input, select, textarea').filter((field) => field.labels.length === 0 && !has(field, 'aria-label', 'aria-labelledby')).map(say('no label')),
    ...all('button').filter((button) => button.textContent.trim() === '' && !has(button, 'aria-label')).map(say('no name')),
    ...all('dialog, [role=log], [role=tablist]').filter((element) => !has(element, 'aria-label', 'aria-labelledby')).map(say('no name')),
    ...all('img').filter((picture) => !has(picture, 'alt')).map(say('no alternative text')),
    ...all('[tabindex]').filter((element) => element.tabIndex > 0).map(say('an order of its own')),
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => 'the same id twice: ' + id),
    ...references.flatMap((name) =>
      all('[' + name + ']').filter((element) => element.getAttribute(name).split(' ').some((id) => id !== '' && !ids.includes(id))).map(say(name + ' names nothing'))),
  ];
})()`;

export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(FAULTS);
}

/** How many pixels of the page lie outside the window, sideways. */
export async function pixelsOutside(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
