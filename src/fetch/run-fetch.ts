/**
 * Fetches the lists that are due, one after the other. In: the orders of the controller. Out: lists with their notes
 * in the folder of the fetcher, and how many could not be fetched. Two fetchers at once do no harm: each writes whole
 * files.
 */
import {
  contentPath,
  encodeNote,
  fetchedFolder,
  notePath,
  readNote,
  sourceOf,
  type FetchedNote,
} from '../lists/fetched-note.ts';
import { shownUrl } from '../lists/shown-url.ts';
import { inText, numberText } from '../domain/words.ts';
import { clearDrafts } from '../system/web/draft.ts';
import type { World } from '../world/world.ts';
import { isDue } from './due.ts';
import { fetchList, type Fetched, type Needs } from './fetch-list.ts';
import type { Limits } from './follow.ts';
import type { Order } from './orders.ts';

export type FetchWorld = Pick<World, 'config' | 'files' | 'log' | 'now'>;

interface RunOptions {
  readonly needs: Omit<Needs, 'now'>;
  readonly orders: readonly Order[];
  /** Also what is not due. */
  readonly all: boolean;
  readonly signal: AbortSignal;
  readonly limitsOf?: (order: Order) => Limits;
}

/** How many lists could not be fetched. */
export async function runFetch(world: FetchWorld, options: RunOptions): Promise<number> {
  const { needs, orders, all, signal, limitsOf = usualLimits } = options;
  const folder = fetchedFolder(world.config);
  await world.files.makeOpenFolder(folder);
  clearDrafts(folder, OLD_DRAFT_MS);
  let failures = 0;
  for (const order of orders) {
    const note = await noteFor(world, order);
    if (!all && !isDue(note, order, world.now())) continue;
    const path = contentPath(folder, order.name);
    const task = { order, note, path, limits: limitsOf(order), signal };
    const fetched = await fetchList({ ...needs, now: world.now }, task);
    // What was stopped did not fail.
    if (signal.aborted) break;
    await world.files.write(notePath(folder, order.name), encodeNote(fetched.note));
    tell(world, order, fetched);
    if (fetched.kind === 'failed') failures += 1;
  }
  return failures;
}

/** What is noted of this URL; of a content that is not there, nothing that a server could confirm. */
export async function noteFor(
  { config, files }: Pick<FetchWorld, 'config' | 'files'>,
  { name, url }: Order,
): Promise<FetchedNote | undefined> {
  const folder = fetchedFolder(config);
  const note = await readNote(files, folder, name);
  if (note?.source !== sourceOf(url)) return undefined;
  if (files.modified(contentPath(folder, name)) !== undefined) return note;
  const none = {
    etag: null,
    lastModified: null,
    bytes: null,
    sha256: null,
    fetchedAt: null,
    confirmedAt: null,
  };
  return { ...note, ...none, ...(note.failures === 0 && { nextTry: null }) };
}

/** A minute is enough for a MiB a second; a list that may be larger has longer. */
export function usualLimits({ max }: Order): Limits {
  const bytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.round(max * BYTES_PER_ENTRY)));
  return {
    patience: { connect: 10_000, answer: 30_000, data: 20_000 },
    total: Math.max(60_000, (bytes / MIB) * 1000),
    bytes,
  };
}

const MIB = 1024 * 1024;
const LEAST_BYTES = MIB;

/** The unit lets no file grow beyond. */
const MOST_BYTES = 256 * MIB;

/** 64 MiB for 200,000, the default. Lines of published lists have 15 to 150. */
const BYTES_PER_ENTRY = (64 * MIB) / 200_000;

const OLD_DRAFT_MS = 3_600_000;

function tell({ log, now }: FetchWorld, { name, url }: Order, { kind, note }: Fetched): void {
  const from = shownUrl(url);
  if (kind === 'new') log.info(`${name}: ${numberText(note.bytes ?? 0)} bytes from ${from}`);
  else if (kind === 'same') log.info(`${name}: no change at ${from}`);
  else {
    const kept = note.fetchedAt === null ? '' : 'the last content stays; ';
    const next = note.nextTry === null ? '' : `next try ${inText(note.nextTry, now())}`;
    log.warn(`${name}: ${note.error?.text ?? ''}; ${kept}${next}`);
  }
}
