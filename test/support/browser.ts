/** A real browser without a window: Debian's chromium, driven by playwright. */
import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined where there is none. */
export function findChromium(): string | undefined {
  return CHROMIUM.find((path) => existsSync(path));
}

/** Starts it. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no chromium; apt install chromium');
  const { chromium } = await import('playwright-core');
  // Its own sandbox wants more than a root in namespaces has, and it loads nothing but pages of this program.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}
