/** The answer to "is all well?" in a sentence, when it was found, what is wrong, and what changed since yesterday. */
import { countText, numberText, timeText, type Zone } from '../../domain/words.ts';
import { html, Markup, type Content } from '../markup.ts';
import type { Report, Verdict, Yesterday } from '../report.ts';
import { changeText, listText, spanText } from '../words.ts';

/** What the title of the page and the sentence say first. */
export const LEVELS = {
  well: 'All is well',
  attention: 'Needs attention',
  broken: 'Not converged',
  observing: 'Observing',
} as const;

/** Of them the one that is said. */
export function titleOf({ level, isObserving }: Pick<Verdict, 'level' | 'isObserving'>): string {
  return isObserving && level !== 'broken' ? LEVELS.observing : LEVELS[level];
}

const SIGNS = {
  well: 'M4.5 10.5l3.5 3.5 7.5-8',
  attention: 'M10 4v8M10 15v1.5',
  broken: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
} as const;

/** The place for the word of a controller that is stopped: see mark-page-stopped.ts. */
export const NOT_STOPPED = '<p class="stopped"></p>';

type Told = Pick<Report, 'verdict' | 'writtenAt' | 'oldAfterMs' | 'isRenewed'>;

/** The head of the page. */
export function verdictSection(report: Told, zone: Zone): Markup {
  const { verdict, writtenAt } = report;
  const { level, problems, silent } = verdict;
  return html`<section id="verdict" class="verdict ${level}" aria-labelledby="verdict-title">
    <svg class="sign" viewBox="0 0 20 20" width="40" height="40" aria-hidden="true">
      <circle cx="10" cy="10" r="10" />
      <path d="${SIGNS[level]}" />
    </svg>
    <div>
      <h2 id="verdict-title">${titleOf(verdict)}: ${sentence(verdict)}</h2>
      ${age(report, zone)} ${Markup.trusted(NOT_STOPPED)}
      <ul class="problems">
        ${problems.map(
          ({ type, reason, message }) => html`<li><b>${type}</b> is false (${reason}): ${message}</li>`,
        )}
        ${silent.map(({ server, heardAt }) => html`<li><b>${server}</b> is silent: last heard ${spanText(writtenAt - heardAt)} ago</li>`)}
      </ul>
    </div>
  </section>`;
}

/** When it was so, and what shows by itself once that is long ago: see style.ts and script.ts. */
function age({ verdict: { checkedAt }, writtenAt, oldAfterMs, isRenewed }: Told, zone: Zone): Markup {
  const long = spanText(oldAfterMs);
  return html`<p class="checked">
      ${
        checkedAt === undefined
          ? 'No check has been made yet.'
          : html`Last check:
              <time datetime="${new Date(checkedAt).toISOString()}">${timeText(checkedAt, zone)}</time>`
      }
      <span id="age"
        >${checkedAt !== undefined && `(if that is more than ${long} ago, this page is old)`}</span
      >
    </p>
    <p class="old">
      This page is old: it was written at ${timeText(writtenAt, zone)}.
      ${
        isRenewed
          ? html`A new one is due each minute; run <code>banspool status</code> on the firewall.`
          : html`It is a copy; <code>banspool report</code> makes a new one.`
      }
    </p>
    <p class="open">Opened more than ${long} ago: reload the page to see the current state.</p>`;
}

/** What changed in the last 24 hours. */
export function yesterdaySection({ yesterday }: Pick<Report, 'yesterday'>): Markup {
  return html`<section id="yesterday" class="yesterday" aria-labelledby="yesterday-title">
    <h2 id="yesterday-title">Since yesterday</h2>
    <ul>
      ${changes(yesterday).map((change) => html`<li>${change}</li>`)}
    </ul>
  </section>`;
}

function sentence({ level, isObserving, bans, alarming, silent }: Verdict): string {
  if (level === 'broken') return 'the firewall may differ from the desired state.';
  const holds = isObserving
    ? `nothing is enforced, and ${countText(bans, 'ban')} would be`
    : `the firewall holds ${bans === 1 ? 'the ban' : `all ${countText(bans, 'ban')}`}`;
  const quiet = `${countText(silent.length, 'server')} ${silent.length === 1 ? 'is' : 'are'} silent`;
  const wrong = `${countText(alarming, 'condition')} ${alarming === 1 ? 'is' : 'are'} false`;
  const rest = [...(silent.length > 0 ? [quiet] : []), ...(alarming > 0 ? [wrong] : [])];
  return `${[holds, ...rest].join('; ')}.`;
}

function changes({ bans, refused, drift, culprits, policyEdits, rise }: Yesterday): readonly Content[] {
  const more = rise !== undefined && rise.bans.now - rise.bans.before;
  return [
    html`<b>${countText(bans.now, 'new ban')}</b>, ${changeText(bans)}`,
    rise !== undefined &&
      more !== false &&
      html`${bans.now > bans.before ? 'most of the rise' : 'the largest rise'} by <b>${rise.server}</b>:
        ${numberText(more)} more`,
    drift.now > 0
      ? html`<b>drift</b> repaired
          ${times(drift.now)}${culprits.length > 0 && html`, by <b>${listText(culprits)}</b>`}`
      : 'no drift',
    refused.now > 0 && html`<b>${countText(refused.now, 'file')} refused</b>, ${changeText(refused)}`,
    policyEdits > 0 && html`<b>policy</b> changed ${times(policyEdits)}`,
  ].filter((change) => change !== false);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${numberText(count)} times`;
}
