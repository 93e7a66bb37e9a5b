/** A line without axes, for a cell of a table: how it went, not how much it was. */
import { area, line } from 'd3-shape';
import { html, type Markup } from '../markup.ts';

const HEIGHT = 28;

/** `label` says in words what it shows. */
export function sparkline(counts: readonly number[], label: string): Markup {
  const most = Math.max(1, ...counts);
  const points = counts.map((count, index): readonly [number, number] => [index * 10, count]);
  const y = (count: number): number => HEIGHT - 2 - (count / most) * (HEIGHT - 4);
  const shape = area<readonly [number, number]>()
    .x(([x]) => x)
    .y0(HEIGHT - 2)
    .y1(([, count]) => y(count))
    .digits(1);
  const stroke = line<readonly [number, number]>()
    .x(([x]) => x)
    .y(([, count]) => y(count))
    .digits(1);
  return html`<svg
    class="spark"
    width="100%"
    height="${HEIGHT}"
    viewBox="0 0 ${Math.max(1, counts.length - 1) * 10} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    <title>${label}</title>
    <path class="under" d="${shape(points) ?? ''}" />
    <path class="over" d="${stroke(points) ?? ''}" />
  </svg>`;
}
