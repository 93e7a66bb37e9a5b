/** Where the content of a list is from, and where it is kept. */
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { contentPath, fetchedFolder, sourceOf } from '../../lists/fetched-note.ts';
import { shownUrl } from '../../lists/shown-url.ts';
import type { ListPolicy } from '../../policy/list-schema.ts';

type Place = Pick<Config, 'lists'>;

/** The file that is read: the operator's, or the fetcher's. */
export function listPath({ name, from }: ListPolicy, config: Place): string {
  return from.kind === 'file' ? join(config.lists, from.file) : contentPath(fetchedFolder(config), name);
}

/** The folder of the last good contents. */
export function keptFolder({ lists }: Place): string {
  return join(lists, 'kept');
}

/** Tells one file or URL from another, without what may be secret. */
export function sourceName({ from }: Pick<ListPolicy, 'from'>): string {
  return from.kind === 'file' ? `file:${from.file}` : `url:${sourceOf(from.url)}`;
}

/** The same for people. */
export function shownSource({ from }: Pick<ListPolicy, 'from'>): string {
  return from.kind === 'file' ? from.file : shownUrl(from.url);
}
