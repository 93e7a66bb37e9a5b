/** What `banspool fetch --dry-run` says: which lists would be asked for, and when. */
import { durationText, inText, numberText, timeText, type Zone } from '../domain/words.ts';
import { shownUrl } from '../lists/shown-url.ts';
import { isDue } from './due.ts';
import { noteFor, usualLimits, type FetchWorld } from './run-fetch.ts';
import type { Order } from './orders.ts';

interface PreviewOptions {
  readonly orders: readonly Order[];
  readonly all: boolean;
  readonly zone: Zone;
}

export async function previewFetch(
  world: Pick<FetchWorld, 'config' | 'files' | 'now'>,
  { orders, all, zone }: PreviewOptions,
): Promise<string> {
  const parts: string[] = [];
  for (const order of orders) parts.push(await partOf(world, order, { all, zone }));
  return parts.join('\n');
}

async function partOf(
  world: Pick<FetchWorld, 'config' | 'files' | 'now'>,
  order: Order,
  { all, zone }: Pick<PreviewOptions, 'all' | 'zone'>,
): Promise<string> {
  const note = await noteFor(world, order);
  const now = world.now();
  const next = note?.nextTry ?? now;
  const lines = [
    all || isDue(note, order, now)
      ? `${order.name}: due now`
      : `${order.name}: due ${inText(next, now)}, at ${timeText(next, zone)}`,
    `  from ${shownUrl(order.url)}`,
    `  every ${durationText(order.every * 1000)}, at most ${numberText(usualLimits(order).bytes)} bytes`,
  ];
  if (note?.fetchedAt !== null && note?.fetchedAt !== undefined) {
    const isConditional = note.etag !== null || note.lastModified !== null;
    const how = isConditional ? '; asks the server only for changes' : '';
    const when = timeText(note.fetchedAt, zone);
    lines.push(`  on disk: ${numberText(note.bytes ?? 0)} bytes of ${when}${how}`);
  }
  if (note?.error) lines.push(`  the last try failed: ${note.error.text}`);
  return lines.map((line) => `${line}\n`).join('');
}
