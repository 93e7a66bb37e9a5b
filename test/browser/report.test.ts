/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The report page in a real browser: how it looks, what it asks for, and what it says when it is old. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pageParts } from '../../src/report/page.ts';
import type { Report } from '../../src/report/report.ts';
import { openBrowser } from '../support/browser.ts';
import { NOW, REPORT } from '../support/made-up-report.ts';
import { findFlaws } from './look-at-page.ts';

const test = suite<{ browser: Browser; folder: string; file: string }>('the report page in a browser');

const render = (report: Report): string => Array.from(pageParts(report)).join('');

test.before(async (context) => {
  context.browser = await openBrowser();
  context.folder = mkdtempSync(join(tmpdir(), 'report-'));
  context.file = join(context.folder, 'index.html');
  writeFileSync(context.file, render(REPORT));
});

test.after(async ({ browser, folder }) => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

interface Looked {
  readonly page: Page;
  /** What it told the console, and asked for beside itself. */
  readonly told: readonly string[];
}

/** Opens the page so long after it was written. */
async function look(
  { browser, file }: { readonly browser: Browser; readonly file: string },
  options: BrowserContextOptions & { readonly age?: number } = {},
): Promise<Looked> {
  const { age = 34_000, ...rest } = options;
  const context = await browser.newContext(rest);
  const page = await context.newPage();
  const told: string[] = [];
  const own = pathToFileURL(file).href;
  page.on('console', (message) => told.push(message.text()));
  page.on('pageerror', (error) => told.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== own && !request.url().startsWith('data:')) told.push(request.url());
  });
  if (rest.javaScriptEnabled !== false) await page.clock.setFixedTime(NOW + age);
  await page.goto(own);
  return { page, told };
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 768, 1_400]) {
    test(`is whole and asks for nothing at ${width} px, ${colorScheme}`, async (context) => {
      const { page, told } = await look(context, { colorScheme, viewport: { width, height: 900 } });

      const flaws = await page.evaluate(findFlaws);

      assert.equal(flaws, []);
      assert.equal(told, []);
      await page.context().close();
    });
  }
}

test('is whole with everything folded out, on a phone', async (context) => {
  const { page } = await look(context, { viewport: { width: 360, height: 900 } });
  await page.evaluate(() => {
    // All bans are 2,000 rows of the same kind.
    for (const row of document.querySelectorAll('#bans tr:nth-child(n+20)')) row.remove();
    for (const each of document.querySelectorAll('details')) each.open = true;
  });

  const flaws = await page.evaluate(findFlaws);

  assert.equal(flaws, []);
  await page.context().close();
});

test('says how old it is, and that it is old, with a script', async (context) => {
  const fresh = await look(context);
  const old = await look(context, { age: 600_000 });

  assert.is(await fresh.page.locator('#age').textContent(), '(46 s ago)');
  assert.not.ok(await fresh.page.locator('.old').isVisible());
  assert.is(await old.page.locator('#age').textContent(), '(10 min ago)');
  assert.ok(await old.page.locator('.old').isVisible());
  assert.is.not(await backOf(old.page), await backOf((await look(context, { age: 0 })).page, 'well'));
});

/** The colour behind the verdict. */
async function backOf(page: Page, level?: string): Promise<string> {
  return page.evaluate((wanted) => {
    const verdict = document.querySelector('.verdict');
    if (verdict === null) return '';
    if (wanted !== undefined) verdict.classList.replace('attention', wanted);
    return getComputedStyle(verdict).backgroundColor;
  }, level);
}

test('says without a script when the check was, and turns amber once it is open for long', async (context) => {
  const well = { ...REPORT, verdict: { ...REPORT.verdict, level: 'well', silent: [] } } as const;
  const file = join(context.folder, 'well.html');
  writeFileSync(file, render(well));
  const { page, told } = await look({ ...context, file }, { javaScriptEnabled: false });
  const openFor = async (milliseconds: number): Promise<string> => {
    await page.evaluate((time) => {
      for (const animation of document.getAnimations()) animation.currentTime = time;
    }, milliseconds);
    return backOf(page);
  };

  const text = await page.locator('.checked').innerText();
  const [early, isEarlyTold] = [await openFor(179_000), await page.locator('.open').isVisible()];
  const [late, isLateTold] = [await openFor(181_000), await page.locator('.open').isVisible()];

  assert.match(
    text,
    /Last check: 2026-11-28 21:40:00 UTC \(if that is more than 3\smin ago, this page is old\)/,
  );
  assert.equal([isEarlyTold, isLateTold], [false, true]);
  assert.is.not(early, late);
  assert.equal(told, []);
});

test('can be read from a web server whose policy allows neither style nor script', async (context) => {
  const page = await (
    await context.browser.newContext({ viewport: { width: 1_000, height: 900 } })
  ).newPage();
  await page.route('**/*', (route) =>
    route.fulfill({
      ...{ contentType: 'text/html', body: render(REPORT) },
      headers: { 'Content-Security-Policy': "default-src 'none'" },
    }),
  );

  await page.goto('http://firewall.test/banspool/');

  assert.ok(await page.getByText('1 server is silent').isVisible());
  assert.match(await page.locator('.checked').innerText(), /Last check: 2026-11-28 21:40:00 UTC/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 200));
});

test('runs nothing that a server wrote', async (context) => {
  const attack = '"><img src=x onerror="document.title=1"><script>document.title=1</script>';
  const hostile: Report = {
    ...REPORT,
    firewall: attack,
    byServer: REPORT.byServer.map((series) => ({ ...series, name: attack })),
    refused: REPORT.refused.map((file) => ({ ...file, reason: attack, path: attack })),
    policy: REPORT.policy.map((line) => ({ ...line, note: attack })),
  };
  const file = join(context.folder, 'hostile.html');
  writeFileSync(file, render(hostile));

  const { page, told } = await look({ ...context, file });

  assert.is(await page.title(), `Needs attention – ${attack} – banspool`);
  assert.is(await page.locator('img').count(), 0);
  assert.equal(told, []);
});

test.run();
