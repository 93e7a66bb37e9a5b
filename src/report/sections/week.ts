/** When attacks come: bans by weekday and hour. */
import { countText, type Zone } from '../../domain/words.ts';
import { heatMap, SHADES } from '../charts/heat.ts';
import { html, type Markup } from '../markup.ts';
import type { Report } from '../report.ts';
import { card } from './card.ts';

const NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The map, the names of its rows, and what its shades mean. */
export function weekSection({ week, writtenAt }: Pick<Report, 'week' | 'writtenAt'>, zone: Zone): Markup {
  const most = Math.max(0, ...week.flat());
  const [day, hour] = busiest(week, most);
  const title = (row: number, at: number, amount: number): string =>
    `${NAMES[row] ?? ''} ${hourText(at)}: ${countText(amount, 'ban')}`;
  return card(
    { id: 'week', title: 'Bans by weekday and hour', note: `New bans, 30 days, ${zone(writtenAt).name}` },
    html`<div class="week">
        <ol aria-hidden="true">
          ${NAMES.map((name) => html`<li>${name}</li>`)}
        </ol>
        ${heatMap({ label: 'New bans by weekday and hour', rows: week, title })}
      </div>
      <p class="note shades">
        <span>none</span
        ><svg width="${SHADES * 16}" height="12" aria-hidden="true">
          ${Array.from(
            { length: SHADES },
            (_, shade) => html`<rect class="q${shade}" x="${shade * 16}" width="13" height="12" rx="2" />`,
          )}</svg
        ><span>${countText(most, 'ban')}</span>${
          most > 0 && html`<span class="busiest">busiest: ${title(day, hour, most)}</span>`
        }
      </p>`,
  );
}

function busiest(week: readonly (readonly number[])[], most: number): readonly [day: number, hour: number] {
  const day = week.findIndex((hours) => hours.includes(most));
  return [Math.max(0, day), Math.max(0, week[day]?.indexOf(most) ?? 0)];
}

function hourText(hour: number): string {
  const two = (number: number): string => `${String(number).padStart(2, '0')}:00`;
  return `${two(hour)}–${two((hour + 1) % 24)}`;
}
