/**
 * Lines and numbers behind a chart. All charts are as wide as there is room, and their text keeps its size: what has
 * a place is placed by percent, and shapes are drawn in a box of their own that is stretched.
 */
import { scaleLinear } from 'd3-scale';
import { html, type Markup } from '../markup.ts';
import { amountText } from '../words.ts';

interface Axis {
  /** The top of the chart, a round number of at least 4. */
  readonly top: number;
  /** From below. */
  readonly ticks: readonly number[];
  /** From an amount to pixels from above. */
  readonly y: (amount: number) => number;
}

/** Room above the top line for its number. */
const HEAD = 16;

/** The axis for amounts up to `most`, in a chart of `height` pixels with `foot` of them below the bottom line. */
export function axisFor(most: number, height: number, foot: number): Axis {
  const scale = scaleLinear()
    .domain([0, Math.max(4, most)])
    .nice(4)
    .range([height - foot, HEAD]);
  const ticks = scale.ticks(4).filter(Number.isInteger);
  return { top: scale.domain()[1] ?? 4, ticks, y: (amount) => Math.round(scale(amount) * 10) / 10 };
}

/** Its lines across the chart, behind what it shows. */
export function gridOf({ ticks, y }: Axis): Markup {
  return html`<g class="grid"
    >${ticks.map((tick) => html`<line x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}" />`)}</g
  >`;
}

/** Their numbers, in front of it. */
export function numbersOf({ ticks, y }: Axis): Markup {
  return html`<g class="grid"
    >${ticks.map((tick) => tick > 0 && html`<text x="0" y="${y(tick) - 4}">${amountText(tick)}</text>`)}</g
  >`;
}

/** The place of the middle of column `index` of `count`, or of a moment of it, as `12.5%`. */
export function percent(index: number, count: number): string {
  return `${Math.round((index / count) * 10_000) / 100}%`;
}
