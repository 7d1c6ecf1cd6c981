// Pictures for the documentation: HTML drawn in Chromium at the width of a phone or another one, kept as small PNG files.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Browser } from 'playwright-core';
import { inFewColours } from './small-png.js';

export const PHONE_WIDTH = 390;
const PIXELS_A_POINT = 1.5;

/** Text as it may stand in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A page of its own, with nothing in it that is loaded from elsewhere. */
export function pageHtml(body: string, style: string): string {
  const common = '* { box-sizing: border-box; } body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/22px "Noto Sans", "DejaVu Sans", sans-serif; }';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>picture</title><style>${common}${style}</style></head><body>${body}</body></html>`;
}

/** Each page as a picture at its path, as high as the page is; `width` in points. */
export async function takePictures(browser: Browser, pages: ReadonlyMap<string, string>, { width = PHONE_WIDTH, scale = PIXELS_A_POINT } = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 100 }, deviceScaleFactor: scale });
  const page = await context.newPage();
  page.on('pageerror', (error) => { throw error; });
  for (const [path, html] of pages) {
    await page.setContent(html);
    const picture = await page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide' });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, inFewColours(picture));
  }
  await context.close();
}
