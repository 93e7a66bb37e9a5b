/** Bans of each day, by server, with drift as marks that name who did it; and by jail. */
import { numberText, type Zone } from '../../domain/words.ts';
import { bar } from '../charts/bar.ts';
import { stackedArea, type Mark } from '../charts/stacked-area.ts';
import { html, type Markup } from '../markup.ts';
import type { DriftMark, Report, Series } from '../report.ts';
import { dayText, hourText, listText, momentText, weekdayText } from '../words.ts';
import { card, nothing } from './card.ts';

const DAY_MS = 86_400_000;

/** By server. */
export function serversOverTime(
  { days, byServer, drift }: Pick<Report, 'days' | 'byServer' | 'drift'>,
  zone: Zone,
): Markup {
  const titles = days.map((day, index) => {
    const parts = byServer.flatMap(({ name, counts }) =>
      (counts[index] ?? 0) > 0 ? [`${name} ${numberText(counts[index] ?? 0)}`] : [],
    );
    const sum = byServer.reduce((total, { counts }) => total + (counts[index] ?? 0), 0);
    return `${weekdayText(day, zone)} to ${momentText(day + DAY_MS, zone)}: ${numberText(sum)} bans${parts.length > 0 ? ` – ${parts.join(', ')}` : ''}`;
  });
  const marks = drift.map(({ at, repairs, culprits }): Mark => {
    const who = culprits.length > 0 ? listText(culprits) : 'another program';
    return {
      at: (at - (days[0] ?? at)) / DAY_MS,
      text: `${hourText(at, zone)}: drift by ${who}, repaired ${repairs === 1 ? 'once' : `${numberText(repairs)} times`}`,
    };
  });
  return card(
    {
      id: 'servers-over-time',
      title: 'Bans by server',
      note: 'New bans per 24 hours, 30 days. ◆ drift',
      isWide: true,
    },
    byServer.length === 0
      ? nothing('No server has banned an address yet.')
      : html`<div class="beside">
          ${stackedArea({
            ...{ label: 'New bans per 24 hours by server, over 30 days', series: byServer, titles, marks },
            names: days.map((day) => dayText(day + DAY_MS, zone)),
          })}${totals(byServer)}
        </div>`,
    drift.length > 0 &&
      html`<p class="note marks"><b>${'◆ Drift, newest first:'}</b> ${driftText(drift, zone)}</p>`,
  );
}

/** The newest few: all are marked. */
function driftText(drift: readonly DriftMark[], zone: Zone): string {
  const shown = drift.slice(-4).reverse();
  const texts = shown.map(
    ({ at, culprits }) =>
      `${hourText(at, zone)} ${culprits.length > 0 ? listText(culprits, 2) : 'another program'}`,
  );
  return `${texts.join('; ')}${drift.length > shown.length ? `; and ${drift.length - shown.length} more` : ''}`;
}

function totals(series: readonly Series[]): Markup {
  return html`<table class="legend">
    <caption class="hidden">
      New bans by server
    </caption>
    <thead>
      <tr>
        <th scope="col">Server</th>
        <th scope="col" class="number">30 days</th>
        <th scope="col" class="number">Day before</th>
        <th scope="col" class="number">Last 24 h</th>
      </tr>
    </thead>
    <tbody>
      ${series.map(
        ({ name, counts }, index) =>
          html`<tr>
            <th scope="row">
              <span class="named"
                ><svg width="10" height="10" aria-hidden="true">
                  <rect class="s${index}" width="10" height="10" rx="2" /></svg
                >${name}</span
              >
            </th>
            <td class="number">${numberText(sumOf(counts))}</td>
            <td class="number">${numberText(counts.at(-2) ?? 0)}</td>
            <td class="number">${numberText(counts.at(-1) ?? 0)}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** By jail. */
export function jailsOverTime({ byJail }: Pick<Report, 'byJail'>): Markup {
  const most = Math.max(1, ...byJail.map(({ counts }) => sumOf(counts)));
  const rows = byJail.map(({ name, counts }) => {
    const sum = sumOf(counts);
    return html`<tr>
      <th scope="row">${name}</th>
      <td class="track-cell">${bar(sum, most)}</td>
      <td class="number">${numberText(sum)}</td>
      <td class="number roomy">${numberText(counts.at(-2) ?? 0)}</td>
      <td class="number roomy">${numberText(counts.at(-1) ?? 0)}</td>
    </tr> `;
  });
  return card(
    { id: 'jails', title: 'Bans by jail', note: 'New bans, 30 days' },
    rows.length === 0
      ? nothing('No jail has banned an address yet.')
      : html`<table class="bars">
          <caption class="hidden">
            New bans by jail
          </caption>
          <thead>
            <tr>
              <th scope="col">Jail</th>
              <td></td>
              <th scope="col" class="number">30 days</th>
              <th scope="col" class="number roomy">Day before</th>
              <th scope="col" class="number roomy">Last 24 h</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>`,
  );
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
