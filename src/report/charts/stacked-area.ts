/** Areas on top of each other, one for each series, a column a day that tells its numbers, and marks above. */
import { area, curveMonotoneX, stack } from 'd3-shape';
import { html, type Markup } from '../markup.ts';
import type { Series } from '../report.ts';
import { axisFor, gridOf, numbersOf, percent } from './axes.ts';

export interface Mark {
  /** Days from the left edge. */
  readonly at: number;
  readonly text: string;
}

interface StackedArea {
  readonly label: string;
  readonly series: readonly Series[];
  /** Of each column. */
  readonly titles: readonly string[];
  /** Of each column; below the chart, where there is room. */
  readonly names: readonly string[];
  readonly marks: readonly Mark[];
}

const HEIGHT = 240;
const FOOT = 22;

/** Draws it. */
export function stackedArea({ label, series, titles, names, marks }: StackedArea): Markup {
  const count = titles.length;
  const sums = titles.map((_, day) => series.reduce((sum, { counts }) => sum + (counts[day] ?? 0), 0));
  const axis = axisFor(Math.max(0, ...sums), HEIGHT, FOOT);
  return html`<svg class="chart" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
    ${gridOf(axis)}
    <svg
      class="shape"
      width="100%"
      height="${HEIGHT}"
      viewBox="0 0 ${count * 10} ${HEIGHT}"
      preserveAspectRatio="none"
    >
      ${shapes(series, axis.y)}
    </svg>
    ${numbersOf(axis)} ${names.map((name, day) => xLabel(name, day, names))}
    ${titles.map(
      (title, day) =>
        html`<rect
          class="hit"
          x="${percent(day, count)}"
          y="0"
          width="${percent(1, count)}"
          height="${HEIGHT - FOOT}"
          ><title>${title}</title></rect
        >`,
    )}
    ${marks.map(
      ({ at, text }) =>
        html`<g class="mark"
          ><title>${text}</title
          ><line x1="${percent(at, count)}" x2="${percent(at, count)}" y1="14" y2="${HEIGHT - FOOT}" /><svg
            x="${percent(at, count)}"
            y="8"
            overflow="visible"
          >
            <path d="M0-6 6 0 0 6-6 0Z" /></svg
        ></g>`,
    )}
  </svg> `;
}

/** A point for each day, in the middle of its column; the first and the last reach to the edges. */
function shapes(series: readonly Series[], y: (amount: number) => number): readonly Markup[] {
  const days = series[0]?.counts.length ?? 0;
  const rows = Array.from({ length: days }, (_, day) => series.map(({ counts }) => counts[day] ?? 0));
  const layers = stack<readonly number[], number>()
    .keys(series.map((_, index) => index))
    .value((row, key) => row[key] ?? 0)(rows);
  const x = (day: number): number => (day === 0 ? 0 : day === days - 1 ? days * 10 : day * 10 + 5);
  const draw = area<readonly [number, number]>()
    .x((_, day) => x(day))
    .y0(([from]) => y(from))
    .y1(([, to]) => y(to))
    .curve(curveMonotoneX)
    .digits(1);
  return layers.map(
    (layer, index) =>
      html`<path class="s${index}" d="${draw(layer.map(([from, to]) => [from, to] as const)) ?? ''}" />`,
  );
}

/** One in five, and on a phone one in ten. */
function xLabel(name: string, day: number, names: readonly string[]): Markup | undefined {
  const fromEnd = names.length - 1 - day;
  if (fromEnd % 5 !== 0) return undefined;
  const anchor = fromEnd === 0 ? 'end' : day === 0 ? 'start' : 'middle';
  const x = fromEnd === 0 ? '100%' : day === 0 ? '0%' : percent(day + 0.5, names.length);
  return html`<text
    class="${fromEnd % 10 === 0 ? 'x' : 'x roomy'}"
    x="${x}"
    y="${HEIGHT - 5}"
    text-anchor="${anchor}"
    >${name}</text
  >`;
}
