/** A bar as long as its part of the whole, for a cell of a table. */
import { html, type Markup } from '../markup.ts';
import { percent } from './axes.ts';

/** `series`: whose colour it has. */
export function bar(amount: number, most: number, series = 0): Markup {
  return html`<svg class="bar" width="100%" height="8" aria-hidden="true">
    <rect class="track" width="100%" height="8" rx="2" />
    <rect class="s${series}" width="${percent(amount, Math.max(1, most))}" height="8" rx="2" />
  </svg>`;
}
