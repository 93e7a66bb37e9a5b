/** The servers: when each was heard, what waits and was refused, and how many addresses it bans. */
import { durationText, numberText, timeText, type Zone } from '../../domain/words.ts';
import { sparkline } from '../charts/sparkline.ts';
import { html, type Markup } from '../markup.ts';
import type { Report, ServerLine } from '../report.ts';
import { spanText } from '../words.ts';
import { card, nothing } from './card.ts';

/** A line each; those that are silent say so. */
export function serversSection(
  { servers, writtenAt, silentAfterMs }: Pick<Report, 'servers' | 'writtenAt' | 'silentAfterMs'>,
  zone: Zone,
): Markup {
  const note =
    silentAfterMs === Infinity
      ? 'What each server sent'
      : `A server that sends nothing for ${durationText(silentAfterMs)} is silent`;
  return card(
    { id: 'servers', title: 'Servers', note },
    servers.length === 0
      ? nothing('No server has sent anything yet.')
      : html`<table class="rows">
          <caption class="hidden">
            Servers
          </caption>
          <thead>
            <tr>
              <th scope="col">Server</th>
              <th scope="col">Heard</th>
              <th scope="col" class="number roomy">Bans</th>
              <th scope="col" class="number roomy">Waiting</th>
              <th scope="col" class="number">Refused</th>
              <th scope="col" class="spark-cell">30 days</th>
            </tr>
          </thead>
          <tbody>
            ${servers.map((server) => row(server, { writtenAt, zone }))}
          </tbody>
        </table>`,
  );
}

function row(
  server: ServerLine,
  { writtenAt, zone }: { readonly writtenAt: number; readonly zone: Zone },
): Markup {
  const { name, heardAt, isSilent, bans, waiting, moreWaiting, refused, days } = server;
  const heard = heardAt === undefined ? 'never' : `${spanText(writtenAt - heardAt)} ago`;
  const title = heardAt === undefined ? 'never' : timeText(heardAt, zone);
  return html`<tr>
    <th scope="row">${name}</th>
    <td title="${title}">
      ${isSilent ? html`<span class="badge">silent</span> <span class="nobreak">${heard}</span>` : heard}
    </td>
    <td class="number roomy">${numberText(bans)}</td>
    <td class="number roomy">${numberText(waiting)}${moreWaiting && '+'}</td>
    <td class="number">${numberText(refused)}</td>
    <td class="spark-cell">
      ${sparkline(days, `New bans by ${name} per day: ${days.map(numberText).join(', ')}`)}
    </td>
  </tr> `;
}
