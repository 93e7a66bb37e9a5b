/** A net without what is allowed inside of it: receivers have no rule of ours that returns allowed packets. */
import { compareNets, contains, halvesOf, type Net } from '../domain/net.ts';

/** Gives the fewest nets that hold exactly those addresses of a net that none of `allowed` holds. */
export function splitterAround(allowed: readonly Net[]): (net: Net) => readonly Net[] {
  const outermost: Net[] = [];
  for (const net of [...allowed].sort(compareNets)) {
    const last = outermost.at(-1);
    if (last === undefined || !contains(last, net)) outermost.push(net);
  }
  return (net) => {
    const at = placeOf(net, outermost);
    const before = outermost[at - 1];
    if (before !== undefined && contains(before, net)) return [];
    const inside: Net[] = [];
    for (let next = at; next < outermost.length; next += 1) {
      const each = outermost[next];
      if (each === undefined || !contains(net, each)) break;
      inside.push(each);
    }
    return split(net, inside);
  };
}

/** Where the first stands that does not come before it. */
function placeOf(net: Net, sorted: readonly Net[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = sorted[middle];
    if (each !== undefined && compareNets(each, net) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function split(net: Net, inside: readonly Net[]): readonly Net[] {
  if (inside.length === 0) return [net];
  if (inside.some((each) => contains(each, net))) return [];
  return halvesOf(net).flatMap((half) =>
    split(
      half,
      inside.filter((each) => contains(half, each)),
    ),
  );
}
