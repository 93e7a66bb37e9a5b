/**
 * The programs of a firewall that stand by for a controller: an iptables-restore a family, and an ipset. Each is
 * started when it is first needed. They are handed in to who speaks to the firewall for long; whoever makes one change
 * has none, and for what they do not acknowledge there is a process of its own.
 */
import { StandingIpset } from './standing-ipset.ts';
import { StandingRestore } from './standing-restore.ts';

export interface StandingTools {
  /** By the name of its program, such as `ip6tables-nft-restore`. */
  readonly restore: (file: string) => StandingRestore;
  readonly ipset: StandingIpset;
  readonly close: () => void;
}

/** None is started yet. */
export function openStandingTools(limitMs?: number): StandingTools {
  const restores = new Map<string, StandingRestore>();
  const ipset = new StandingIpset(limitMs);
  return {
    restore: (file) => {
      const known = restores.get(file) ?? new StandingRestore(file, limitMs);
      restores.set(file, known);
      return known;
    },
    ipset,
    close: () => {
      for (const restore of restores.values()) restore.close();
      ipset.close();
    },
  };
}
