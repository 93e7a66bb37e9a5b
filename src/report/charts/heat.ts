/** Seven rows of 24 cells, the darker the more; each tells its amount. */
import { html, type Markup } from '../markup.ts';
import { percent } from './axes.ts';

const ROW = 22;
const FOOT = 20;
const HOURS = 24;

/** Shades of which the lightest is for nothing at all. */
export const SHADES = 6;

interface Heat {
  readonly label: string;
  readonly rows: readonly (readonly number[])[];
  readonly title: (row: number, hour: number, amount: number) => string;
}

/** Draws it; the names of its rows stand beside it. */
export function heatMap({ label, rows, title }: Heat): Markup {
  const most = Math.max(1, ...rows.flat());
  const height = rows.length * ROW + FOOT;
  return html`<svg class="heat" width="100%" height="${height}" role="img" aria-label="${label}">
    ${rows.map((row, day) =>
      row.map(
        (amount, hour) =>
          html`<rect
            class="q${shadeOf(amount, most)}"
            x="${percent(hour + 0.05, HOURS)}"
            y="${day * ROW + 1}"
            width="${percent(0.9, HOURS)}"
            height="${ROW - 2}"
            rx="2"
            ><title>${title(day, hour, amount)}</title></rect
          >`,
      ),
    )}
    ${[0, 6, 12, 18].map(
      (hour) =>
        html`<text class="x" x="${percent(hour, HOURS)}" y="${height - 4}"
          >${String(hour).padStart(2, '0')}:00</text
        >`,
    )}
  </svg> `;
}

/** 0 for nothing; of all else as many shades as there are, each as wide. */
export function shadeOf(amount: number, most: number): number {
  return amount === 0 ? 0 : Math.max(1, Math.min(SHADES - 1, Math.ceil((amount / most) * (SHADES - 1))));
}
