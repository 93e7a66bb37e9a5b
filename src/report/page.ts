/**
 * The page of a report: one file of HTML that asks for nothing else, and needs no script. It comes in parts, so that
 * who writes it between passes can let a pass go first.
 */
import { createHash } from 'node:crypto';
import { timeText, UTC, type Zone } from '../domain/words.ts';
import { html, Markup } from './markup.ts';
import type { Report } from './report.ts';
import { SCRIPT } from './script.ts';
import { aheadSection } from './sections/ahead.ts';
import { eventsSection } from './sections/events.ts';
import { allBans, foldedSections } from './sections/folded.ts';
import { latencySection } from './sections/latency.ts';
import { listsSection } from './sections/lists.ts';
import { jailsOverTime, serversOverTime } from './sections/over-time.ts';
import { serversSection } from './sections/servers.ts';
import { stubbornSection } from './sections/stubborn.ts';
import { tilesSection } from './sections/tiles.ts';
import { titleOf, verdictSection, yesterdaySection } from './sections/verdict.ts';
import { weekSection } from './sections/week.ts';
import { STYLE } from './style.ts';

/** The parts of the page, in order. */
export function* pageParts(report: Report, zone = UTC): Generator<string> {
  for (const part of parts(report, zone)) yield `${part.text}\n`;
}

function* parts(report: Report, zone: Zone): Generator<Markup> {
  yield Markup.trusted(opening(report));
  yield head(report);
  yield Markup.trusted('<body>');
  yield html`<header>
    <h1>${report.firewall} <small>banspool report</small></h1>
  </header>`;
  yield Markup.trusted('<main>');
  yield verdictSection(report, zone);
  yield yesterdaySection(report);
  yield tilesSection(report, zone);
  yield Markup.trusted('<div class="grid2">');
  yield serversOverTime(report, zone);
  yield jailsOverTime(report);
  yield weekSection(report, zone);
  yield aheadSection(report);
  yield stubbornSection(report);
  yield serversSection(report, zone);
  yield listsSection(report, zone);
  yield eventsSection(report, zone);
  yield latencySection(report);
  yield Markup.trusted('</div><div class="folds">');
  yield* allBans(report.bans, zone);
  yield foldedSections(report, zone);
  yield Markup.trusted('</div></main>');
  yield html`<footer>
    Written by banspool ${report.version} at ${timeText(report.writtenAt, zone)}. It names attackers and
    servers: keep it to yourself.
  </footer>`;
  yield Markup.trusted(`<script>${SCRIPT}</script></body></html>`);
}

const COLOURS = { well: '1a7f4b', attention: 'e3a008', broken: 'b3261e' } as const;

/** What is allowed is this style and this script; nothing is fetched, framed or sent. */
const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Numbers alone. */
function opening({ writtenAt, oldAfterMs, isRenewed, verdict: { checkedAt } }: Report): string {
  const checked = checkedAt === undefined ? '' : ` data-checked="${checkedAt}"`;
  const renewed = isRenewed ? ' data-renewed="1"' : '';
  return `<!doctype html>\n<html lang="en" data-written="${writtenAt}"${checked}${renewed} data-old="${oldAfterMs}">`;
}

function head({ firewall, verdict }: Report): Markup {
  return html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />
    <meta name="viewport" content="width=device-width,initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <meta name="robots" content="noindex,nofollow" />
    <title>${`${titleOf(verdict)} – ${firewall} – banspool`}</title>
    <link rel="icon" href="${iconOf(verdict.level)}" />
    ${Markup.trusted(`<style>${STYLE}</style>`)}
  </head>`;
}

/** A dot. Without one, a browser asks the server for /favicon.ico. */
function iconOf(level: Report['verdict']['level']): string {
  const circle = `%3Ccircle cx='4' cy='4' r='4' fill='%23${COLOURS[level]}'/%3E`;
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E${circle}%3C/svg%3E`;
}
