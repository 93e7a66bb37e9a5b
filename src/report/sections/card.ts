/** What all sections look like: a heading, a line of what is shown, and the thing itself. */
import { html, type Content, type Markup } from '../markup.ts';

interface Card {
  readonly id: string;
  readonly title: string;
  /** What is counted, over what time. */
  readonly note?: Content;
  /** Takes the whole width where there is room for two beside each other. */
  readonly isWide?: boolean;
}

/** A section of the page. */
export function card({ id, title, note, isWide = false }: Card, ...body: readonly Content[]): Markup {
  return html`<section id="${id}" class="${isWide ? 'card full' : 'card'}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${note !== undefined && html`<p class="note">${note}</p>`} ${body}
  </section> `;
}

/** A time that programs can read too. */
export function moment(time: number, text: string): Markup {
  return html`<time datetime="${new Date(time).toISOString()}" title="${new Date(time).toISOString()}"
    >${text}</time
  >`;
}

/** What stands where there is nothing to show. */
export function nothing(text: string): Markup {
  return html`<p class="nothing">${text}</p>`;
}
