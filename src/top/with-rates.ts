/** Bans with what they dropped, and how fast, by the counters of two readings. */
import type { SeenBan } from './seen.ts';

export interface Counted {
  readonly at: number;
  readonly bans: readonly SeenBan[];
}

/** The bans of a reading with their rates since the one before; a ban that was not counted then has none yet. */
export function withRates({ at, bans }: Counted, before: Counted | undefined): readonly SeenBan[] {
  if (before === undefined || at <= before.at) return bans;
  const seconds = (at - before.at) / 1_000;
  const counted = new Map(before.bans.map((ban) => [keyOf(ban), ban.packets]));
  return bans.map((ban) => {
    const packets = counted.get(keyOf(ban));
    if (ban.packets === null || packets === undefined || packets === null) return ban;
    // A counter that was set back began anew.
    const dropped = ban.packets < packets ? ban.packets : ban.packets - packets;
    return { ...ban, rate: dropped / seconds };
  });
}

function keyOf({ ip, jail }: SeenBan): string {
  return `${ip} ${jail}`;
}
