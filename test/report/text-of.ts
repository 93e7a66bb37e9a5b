/** What a person reads of HTML: its text, without tooltips. */
import type { Markup } from '../../src/report/markup.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** In one line. */
export function textOf({ text }: Pick<Markup, 'text'>): string {
  return text
    .replace(/<p class="(?:old|open)".*?<\/p>/g, '')
    .replace(/<title>.*?<\/title>/gs, '')
    .replace(/<\/?(?:b|small|code)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(\w+|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,:])/g, '$1')
    .trim();
}
