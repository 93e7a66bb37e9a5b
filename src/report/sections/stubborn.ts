/** Who goes on knocking: the banned addresses with the most dropped packets, each with the network around it. */
import { numberText } from '../../domain/words.ts';
import { bar } from '../charts/bar.ts';
import { html, type Markup } from '../markup.ts';
import type { Report, Stubborn } from '../report.ts';
import { bytesText, listText, spanText } from '../words.ts';
import { card, nothing } from './card.ts';

/** A table, the most packets first. */
export function stubbornSection({
  stubborn,
  uncounted,
  writtenAt,
}: Pick<Report, 'stubborn' | 'uncounted' | 'writtenAt'>): Markup {
  const most = Math.max(1, ...(stubborn ?? []).map(({ packets }) => packets));
  return card(
    {
      id: 'stubborn',
      title: 'Who attacks most',
      note: 'The 20 banned addresses with the most dropped packets, counted since each was banned',
      isWide: true,
    },
    stubborn === undefined
      ? nothing('Packets are not counted on this firewall.')
      : stubborn.length === 0
        ? nothing(uncountedText(uncounted) ?? 'No packet from a banned address has been dropped yet.')
        : html`<table class="rows">
              <caption class="hidden">
                The most stubborn addresses
              </caption>
              <thead>
                <tr>
                  <th scope="col">Address</th>
                  <th scope="col" class="number">Packets</th>
                  <td class="track-cell roomy"></td>
                  <th scope="col" class="number roomy">Bytes</th>
                  <th scope="col" class="roomy">Network</th>
                  <th scope="col" class="number roomy">Banned in it</th>
                  <th scope="col" class="roomy">Jail</th>
                  <th scope="col" class="roomy">Servers</th>
                  <th scope="col" class="number roomy">Since</th>
                </tr>
              </thead>
              <tbody>
                ${stubborn.map((each) => row(each, { most, writtenAt }))}
              </tbody>
            </table>
            ${uncounted.length > 0 && html`<p class="note">${uncountedText(uncounted)}</p>`}`,
  );
}

/** Undefined where all are counted. */
function uncountedText(chains: readonly string[]): string | undefined {
  if (chains.length === 0) return undefined;
  return `Packets are not counted by address in ${listText(chains)}, whose sets have no counters.`;
}

function row(
  { ip, net, inNet, jail, servers, packets, bytes, since }: Stubborn,
  { most, writtenAt }: { readonly most: number; readonly writtenAt: number },
): Markup {
  return html`<tr>
    <th scope="row">
      <code>${ip}</code
      ><small class="narrow">${jail}, ${listText(servers, 2)}; ${numberText(inNet)} banned in ${net}</small>
    </th>
    <td class="number">${numberText(packets)}<small class="narrow">${bytesText(bytes)}</small></td>
    <td class="track-cell roomy">${bar(packets, most, 1)}</td>
    <td class="number roomy">${bytesText(bytes)}</td>
    <td class="roomy"><code>${net}</code></td>
    <td class="number roomy">${numberText(inNet)}</td>
    <td class="roomy">${jail}</td>
    <td class="roomy">${listText(servers, 2)}</td>
    <td class="number roomy">${since === undefined ? '–' : `${spanText(writtenAt - since)} ago`}</td>
  </tr> `;
}
