// The browser that plays on the page: this machine's own Chromium, driven by playwright-core.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Nothing but the page: no sandbox (CI runs as root), and no talk with the outside. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The executable that CHROMIUM names, or the first that is installed; null: there is none. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM ?? '';
  return named === '' ? (PLACES.find((path) => existsSync(path)) ?? null) : named;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
