/** The numbers that people ask for first, each with its unit and what it is of. */
import { countText, numberText, timeText, type Zone } from '../../domain/words.ts';
import { html, type Content, type Markup } from '../markup.ts';
import type { Report } from '../report.ts';
import { amountText, bytesText, secondsText, spanText } from '../words.ts';

interface Tile {
  readonly name: string;
  readonly value: Content;
  readonly rest: Content;
}

/** A list of names and values. */
export function tilesSection({ tiles, writtenAt }: Pick<Report, 'tiles' | 'writtenAt'>, zone: Zone): Markup {
  const { bans, addresses, bansOfDay, median, dropped, shared, endsSoon, refusedOfDay, refusedKept } = tiles;
  const [next] = endsSoon;
  const all: readonly Tile[] = [
    { name: 'Banned now', value: numberText(bans), rest: countText(addresses, 'address', 'addresses') },
    {
      name: 'Banned in 24 h',
      value: numberText(bansOfDay),
      rest:
        median === undefined ? 'no file was timed' : `half within ${secondsText(median)} from file to drop`,
    },
    dropped === undefined
      ? { name: 'Dropped in 24 h', value: '–', rest: 'packets are not counted' }
      : {
          name: 'Dropped in 24 h',
          value: html`${amountText(dropped.packets)} <small>packets</small>`,
          rest: bytesText(dropped.bytes),
        },
    {
      name: 'Banned by two or more servers',
      value: numberText(shared),
      rest: `${addresses === 0 ? 0 : Math.round((shared / addresses) * 100)} % of all addresses`,
    },
    {
      name: 'Policy lines that end in 7 days',
      value: numberText(endsSoon.length),
      rest:
        next === undefined
          ? 'allow and deny'
          : html`${next.list}
              <span title="${timeText(next.until, zone)}"
                >${next.net} in ${spanText(next.until - writtenAt)}</span
              >`,
    },
    {
      name: 'Refused in 24 h',
      value: html`${numberText(refusedOfDay)} <small>${refusedOfDay === 1 ? 'file' : 'files'}</small>`,
      rest: `${numberText(refusedKept)} kept to be read`,
    },
  ];
  return html`<section id="tiles" aria-label="In numbers">
    <dl class="tiles">
      ${all.map(
        ({ name, value, rest }) =>
          html`<div>
            <dt>${name}</dt>
            <dd class="value">${value}</dd>
            <dd class="rest">${rest}</dd>
          </div> `,
      )}
    </dl>
  </section> `;
}
