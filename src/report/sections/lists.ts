/** The lists of policy.yaml: what of each is dropped, what is not, and how old it is. */
import { numberText, timeText, type Zone } from '../../domain/words.ts';
import { html, type Markup } from '../markup.ts';
import type { ListLine, Report } from '../report.ts';
import { spanText } from '../words.ts';
import { card } from './card.ts';

/** A line each; nothing where there are none, since most firewalls have none. */
export function listsSection({ lists, writtenAt }: Pick<Report, 'lists' | 'writtenAt'>, zone: Zone): Markup {
  if (lists.length === 0) return html``;
  return card(
    { id: 'lists', title: 'Lists', note: 'Networks of others’ lists that are dropped on all ports' },
    html`<table class="rows">
      <caption class="hidden">
        Lists
      </caption>
      <thead>
        <tr>
          <th scope="col">List</th>
          <th scope="col" class="number">Dropped</th>
          <th scope="col" class="number roomy">Entries</th>
          <th scope="col">Confirmed</th>
        </tr>
      </thead>
      <tbody>
        ${lists.map((list) => row(list, { writtenAt, zone }))}
      </tbody>
    </table>`,
  );
}

function row(
  { name, note, nets, entries, confirmedAt, trouble }: ListLine,
  { writtenAt, zone }: { readonly writtenAt: number; readonly zone: Zone },
): Markup {
  const confirmed = confirmedAt === undefined ? 'never' : `${spanText(writtenAt - confirmedAt)} ago`;
  const title = confirmedAt === undefined ? 'never' : timeText(confirmedAt, zone);
  return html`<tr>
    <th scope="row">${name}${note !== undefined && html` <small>${note}</small>`}</th>
    <td class="number">${numberText(nets)}</td>
    <td class="number roomy">${numberText(entries)}</td>
    <td title="${title}">
      ${
        trouble === undefined
          ? confirmed
          : html`<span class="badge">${trouble}</span> <span class="nobreak">${confirmed}</span>`
      }
    </td>
  </tr> `;
}
