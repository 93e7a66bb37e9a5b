/** How long bans take from the file of a server to the drop. */
import { countText, numberText } from '../../domain/words.ts';
import { BOUNDS } from '../../status/histogram.ts';
import { columnChart } from '../charts/columns.ts';
import type { Markup } from '../markup.ts';
import type { Report } from '../report.ts';
import { secondsText } from '../words.ts';
import { card, nothing } from './card.ts';

/** A column for each bound. */
export function latencySection({ latency: { counts } }: Pick<Report, 'latency'>): Markup {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const columns = counts.map((amount, index) => {
    const bound = BOUNDS[index];
    const name = bound === undefined ? `> ${secondsText(BOUNDS.at(-1) ?? 0)}` : secondsText(bound);
    const title = `${bound === undefined ? name : `up to ${name}`}: ${countText(amount, 'ban')}, ${percentOf(amount, total)} %`;
    return { name, amount, title };
  });
  return card(
    {
      id: 'latency',
      title: 'From file to drop',
      note: `${numberText(total)} bans of 30 days, each column up to the time below it`,
    },
    total === 0
      ? nothing('No ban has been timed yet.')
      : columnChart('Bans by the time from file to drop', columns),
  );
}

function percentOf(amount: number, total: number): string {
  const percent = (amount / total) * 100;
  return percent > 0 && percent < 1 ? percent.toFixed(1) : String(Math.round(percent));
}
