/** When servers were last heard, as far as what is kept of their words tells: by their own clocks. */
import type { Claim, Jail } from './claim.ts';
import type { State } from './state.ts';

/** By server, in milliseconds since 1970; of one of which nothing is kept, nothing. */
export function lastHeard(state: State): ReadonlyMap<string, number> {
  const heard = new Map<string, number>();
  const note = (server: string, time: number): void => {
    if (time > (heard.get(server) ?? -Infinity)) heard.set(server, time);
  };
  for (const [server, jails] of state.servers) for (const jail of jails.values()) note(server, ofJail(jail));
  for (const { claims } of state.shards.values()) {
    for (const { saying, newest } of claims.counts()) note(saying.server, newest);
    for (const claim of claims.others.values()) note(claim.server, ofClaim(claim));
  }
  return heard;
}

function ofJail({ scope, snapshot = -Infinity, flushes, stops }: Jail): number {
  return Math.max(scope?.said ?? -Infinity, snapshot, flushes[0]?.time ?? -Infinity, stops[0] ?? -Infinity);
}

function ofClaim({ bans, unbanned = -Infinity, details }: Claim): number {
  return Math.max(bans[0]?.heard ?? -Infinity, unbanned, details?.said ?? -Infinity);
}
