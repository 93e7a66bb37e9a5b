/** What is looked up and not looked at: folded, each with its amount. */
import { countText, numberText, timeText, type Zone } from '../../domain/words.ts';
import { html, Markup, type Content } from '../markup.ts';
import type { BanLine, BanList, Report } from '../report.ts';
import { listText } from '../words.ts';

/** Rows that are written without anybody else having a turn. */
const AT_ONCE = 100;

/** All bans, in several parts, so that who writes the page can let others go first in between. */
export function* allBans({ total, shown }: BanList, zone: Zone): Generator<Markup> {
  yield Markup.trusted('<details id="bans">');
  yield html`<summary>All bans <span class="count">${numberText(total)}</span></summary>`;
  if (shown.length < total)
    yield html`<p class="note">
      The newest ${numberText(shown.length)} of ${numberText(total)}. For the others, run
      <code>banspool list</code> on the firewall.
    </p>`;
  yield Markup.trusted(BANS_HEAD);
  for (let at = 0; at < shown.length; at += AT_ONCE)
    yield html`${shown.slice(at, at + AT_ONCE).map((line) => banRow(line, zone))}`;
  yield Markup.trusted('</tbody></table></div></details>');
}

const BANS_HEAD = `<div class="scroll"><table class="rows"><caption class="hidden">Bans, newest first</caption>
<thead><tr><th scope="col">Address</th><th scope="col">Jail</th><th scope="col">Servers</th>
<th scope="col" class="roomy">Since</th><th scope="col">Until</th></tr></thead><tbody>`;

function banRow({ ip, jail, servers, since, until }: BanLine, zone: Zone): Markup {
  return html`<tr>
    <th scope="row"><code>${ip}</code></th>
    <td>${jail}</td>
    <td>${listText(servers)}</td>
    <td class="roomy">${since === undefined ? '–' : timeText(since, zone)}</td>
    <td>${endText(until, zone)}</td>
  </tr> `;
}

function endText(until: number, zone: Zone): string {
  return until === Infinity ? 'until unbanned' : timeText(until, zone);
}

/** Policy, refused files, conditions and peers. */
export function foldedSections(
  { policy, refused, conditions, peers }: Pick<Report, 'policy' | 'refused' | 'conditions' | 'peers'>,
  zone: Zone,
): Markup {
  return html`${folded(
    { id: 'policy', title: 'Policy', count: policy.length, head: ['List', 'Network', 'Note', 'Until'] },
    policy.map(({ list, net, note, until }) => [
      list,
      html`<code>${net}</code>`,
      note ?? '',
      until === Infinity ? 'no end' : timeText(until, zone),
    ]),
  )}${folded(
    {
      ...{ id: 'refused', title: 'Refused files', count: refused.reduce((sum, { kept }) => sum + kept, 0) },
      head: ['Server', 'Last refused', 'Reason', 'Kept'],
    },
    refused.map(({ server, path, reason, at, kept }) => [
      server,
      html`${timeText(at, zone)}<br /><code>${path}</code>`,
      reason,
      countText(kept, 'file'),
    ]),
  )}${folded(
    {
      ...{ id: 'conditions', title: 'Conditions', count: conditions.length },
      head: ['Condition', 'Status', 'Reason', 'Message'],
    },
    conditions.map(({ type, status, reason, message }) => [
      type,
      status === 'True' ? 'true' : html`<span class="badge">false</span>`,
      reason,
      message,
    ]),
  )}${
    peers.length > 0 &&
    folded(
      { id: 'peers', title: 'Peers', count: peers.length, head: ['Peer', 'Published', 'Bans', 'Refused'] },
      peers.map(({ name, publishedAt, bans, refused: lines }) => [
        name,
        publishedAt === undefined ? 'never heard' : timeText(publishedAt, zone),
        numberText(bans),
        numberText(lines),
      ]),
    )
  }`;
}

interface Folded {
  readonly id: string;
  readonly title: string;
  readonly count: number;
  readonly head: readonly string[];
}

function folded({ id, title, count, head }: Folded, rows: readonly (readonly Content[])[]): Markup {
  return html`<details id="${id}">
    <summary>${title} <span class="count">${numberText(count)}</span></summary>
    ${
      rows.length === 0
        ? html`<p class="nothing">There are none.</p>`
        : html`<div class="scroll">
            <table class="rows">
              <caption class="hidden">
                ${title}
              </caption>
              <thead>
                <tr>
                  ${head.map((name) => html`<th scope="col">${name}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${rows.map(
                  (cells) =>
                    html`<tr>
                      ${cells.map((cell) => html`<td>${cell}</td>`)}
                    </tr> `,
                )}
              </tbody>
            </table>
          </div>`
    }
  </details> `;
}
