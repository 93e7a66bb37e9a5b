/**
 * Reads the sets of ours in one family. To list a long one takes a hundred times as long as all else that is read, so
 * those that this process filled are listed while it is still looked for which sets there are.
 */
import { isOfList } from '../chain.ts';
import { ListingReader } from './observed/listing-reader.ts';
import { observeSetHeads, type ObservedSet, type SetContent } from './observed/observe-sets.ts';
import type { Family } from '../../domain/net.ts';
import type { Tools } from '../../system/firewall/iptables.ts';

type ObservedSets = ReadonlyMap<string, ObservedSet>;
type UsableSets = Extract<Tools['sets'], { readonly kind: 'usable' }>;

interface ReadSetsOptions {
  readonly family: Family;
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What was seen before, of this process. */
  readonly known?: ObservedSets | undefined;
}

/** By name; none where sets cannot be used. */
export async function readSets(sets: Tools['sets'], options: ReadSetsOptions): Promise<ObservedSets> {
  const found = new Map<string, ObservedSet>();
  if (sets.kind === 'unusable') return found;
  const { known, now } = options;
  const ahead = listAhead(sets, options);
  for (const head of observeSetHeads(await sets.heads(), options)) {
    const before = known?.get(head.name);
    const content =
      before !== undefined && isAsBefore(head, before)
        ? before.content
        : head.make === 'alien'
          ? head.content
          : ((await ahead.get(head.name)) ?? (await list(sets, head.name, now)));
    found.set(head.name, { ...head, content });
  }
  // What is gone meanwhile may still be asked for.
  await Promise.all(ahead.values());
  return found;
}

/** One after the other; undefined where it cannot be listed, since it may be gone. */
function listAhead(
  sets: UsableSets,
  { known, now, prefix }: ReadSetsOptions,
): ReadonlyMap<string, Promise<SetContent | undefined>> {
  const ahead = new Map<string, Promise<SetContent | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  for (const { name, content } of known?.values() ?? []) {
    if (content.kind !== 'settled' || isOfList(name, prefix)) continue;
    const listing = last.then(() => list(sets, name, now)).catch(() => undefined);
    ahead.set(name, listing);
    last = listing;
  }
  return ahead;
}

async function list(sets: UsableSets, name: string, now: () => number): Promise<SetContent> {
  // Before it is listed: what is left of a timeout then is no more than what was read.
  const at = now();
  const reader = new ListingReader();
  await sets.list(name, (chunk) => {
    reader.add(chunk);
  });
  return { kind: 'listed', members: reader.members(), at };
}

/**
 * True for a set without timeouts that has as many members as this process gave it: a list has up to a million, and to
 * list them takes a second. In all other sets members come to their end.
 */
function isAsBefore(head: ObservedSet, { content, size, capacity }: ObservedSet): boolean {
  const isSettled = content.kind === 'settled' && size !== undefined && !head.hasTimeouts;
  return isSettled && head.make === 'fit' && head.size === size && head.capacity === capacity;
}
