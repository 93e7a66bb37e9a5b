/** What the servers spare each other: who banned first, and whom that protected before an attack came to it. */
import { countText, numberText } from '../../domain/words.ts';
import { shadeOf } from '../charts/heat.ts';
import { html, type Markup } from '../markup.ts';
import type { Report } from '../report.ts';
import { amountText } from '../words.ts';
import { card, nothing } from './card.ts';

/** A matrix of servers. */
export function aheadSection({ ahead: { servers, spared, first } }: Pick<Report, 'ahead'>): Markup {
  const most = Math.max(1, ...spared.flat());
  return card(
    {
      id: 'ahead',
      title: 'Ahead of the attacker',
      note: 'Of the addresses that are banned now: those that the server in the row banned first, and that the server in the column never had to ban',
    },
    servers.length < 2
      ? nothing('With two servers or more, this shows which server protected which.')
      : html`<div class="scroll" tabindex="0" role="region" aria-label="Who was spared">
          <table class="matrix">
            <caption class="hidden">
              Who banned first, and who was spared
            </caption>
            <thead>
              <tr>
                <th scope="col">First</th>
                <th scope="col" class="number roomy">Bans</th>
                ${servers.map((name) => html`<th scope="col" class="number">${name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${servers.map(
                (name, row) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    <td class="number roomy">${amountText(first[row] ?? 0)}</td>
                    ${servers.map((other, column) =>
                      row === column
                        ? html`<td class="number self">${'–'}</td>`
                        : cell({ name, other, amount: spared[row]?.[column] ?? 0, most }),
                    )}
                  </tr> `,
              )}
            </tbody>
          </table>
        </div>`,
  );
}

function cell(of: {
  readonly name: string;
  readonly other: string;
  readonly amount: number;
  readonly most: number;
}): Markup {
  const { name, other, amount, most } = of;
  const title = `${name} banned ${countText(amount, 'address', 'addresses')} that ${other} never had to ban`;
  return html`<td class="number q${shadeOf(amount, most)}" title="${title}">${numberText(amount)}</td>`;
}
