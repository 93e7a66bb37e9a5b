/**
 * The addresses and networks of one chain, with the end of each, in parts by region (see regionOf). A part that is the
 * same object holds the same, so that what one ban changes is found without looking at the others.
 */

/** By region, then by canonical text: the end in milliseconds since 1970, Infinity for none. */
export type Members = ReadonlyMap<string, Part>;

export type Part = ReadonlyMap<string, number>;

/** How many there are. */
export function countMembers(members: Members): number {
  let count = 0;
  for (const part of members.values()) count += part.size;
  return count;
}

/** Each address with its end. */
export function* eachMember(members: Members): Generator<readonly [text: string, until: number]> {
  for (const part of members.values()) yield* part;
}

interface Dropping {
  readonly members: Part;
  /** Of what is claimed, the wider member that drops it. */
  readonly droppedFor: ReadonlyMap<string, string>;
}

/** The member that drops what is claimed; undefined where nothing does for its claim. */
export function memberOf({ members, droppedFor }: Dropping, claimed: string): string | undefined {
  return droppedFor.get(claimed) ?? (members.has(claimed) ? claimed : undefined);
}
