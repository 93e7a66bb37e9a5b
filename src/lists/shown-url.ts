/**
 * A URL as people may read it in logs and on terminals. In: any text. Out: one short line without the name, the
 * password and the query, each of which may be a secret.
 */
import { cut } from '../domain/printable.ts';

const MOST_CHARACTERS = 200;

export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return 'an invalid URL';
  // What URL gives is ASCII: it encodes all else.
  const { protocol, host, pathname, search } = new URL(url);
  return cut(`${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`, MOST_CHARACTERS);
}
