/** Bans with how fast they drop, by the counters of two readings. */
import type { SeenBan, SeenBans } from './seen.ts';

/** The later reading with its rates since the earlier one; a ban that was not counted then has none yet. */
export function withRates(later: SeenBans, earlier: SeenBans): SeenBans {
  if (later.kind !== 'read' || earlier.kind !== 'read' || later.at <= earlier.at) return later;
  const seconds = (later.at - earlier.at) / 1_000;
  const counted = new Map(earlier.bans.map((ban) => [keyOf(ban), ban.packets]));
  const bans = later.bans.map((ban) => {
    const packets = counted.get(keyOf(ban));
    if (ban.packets === null || packets === undefined || packets === null) return ban;
    // A counter that was set back began anew.
    const dropped = ban.packets < packets ? ban.packets : ban.packets - packets;
    return { ...ban, rate: dropped / seconds };
  });
  return { ...later, bans };
}

function keyOf({ ip, jail }: SeenBan): string {
  return `${ip} ${jail}`;
}
