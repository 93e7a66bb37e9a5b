/** Columns side by side, each with its name below it and its amount in its tooltip. */
import { html, type Markup } from '../markup.ts';
import { axisFor, gridOf, numbersOf, percent } from './axes.ts';

interface Column {
  readonly name: string;
  readonly amount: number;
  readonly title: string;
}

const HEIGHT = 180;
const FOOT = 22;

/** Part of its column's width that a bar leaves free, on each side. */
const GAP = 0.12;

/** Draws them. */
export function columnChart(label: string, columns: readonly Column[]): Markup {
  const count = columns.length;
  const axis = axisFor(Math.max(0, ...columns.map(({ amount }) => amount)), HEIGHT, FOOT);
  const bottom = axis.y(0);
  return html`<svg class="chart" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
    ${gridOf(axis)}
    ${columns.map(({ name, amount, title }, index) => {
      // What is there is seen, however little it is.
      const top = amount === 0 ? bottom : Math.min(axis.y(amount), bottom - 2);
      return html`<g class="column"
        ><title>${title}</title
        ><rect
          class="hit"
          x="${percent(index, count)}"
          y="0"
          width="${percent(1, count)}"
          height="${HEIGHT - FOOT}"
        /><rect
          class="s0"
          x="${percent(index + GAP, count)}"
          y="${top}"
          width="${percent(1 - 2 * GAP, count)}"
          height="${bottom - top}"
        />${index % 2 === 0 && html`<text class="${index % 4 === 0 ? 'x' : 'x roomy'}" x="${index === 0 ? '0' : percent(index + 0.5, count)}" y="${HEIGHT - 5}" text-anchor="${index === 0 ? 'start' : 'middle'}">${name}</text>`}</g
      >`;
    })}
    ${numbersOf(axis)}
  </svg> `;
}
