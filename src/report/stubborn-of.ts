/** The banned addresses with the most dropped packets, each with what is banned around it. */
import type { State } from '../claims/state.ts';
import type { Conclusion } from '../desired/conclude.ts';
import type { NetDrops } from '../firewall/drops.ts';
import { neighbourhoodOf } from './neighbourhood-of.ts';
import type { Stubborn } from './report.ts';

const MOST = 20;

/** Looks are cheap, but there may be 100,000 of them. */
const AT_ONCE = 5_000;

interface StubbornOptions {
  readonly conclusion: Conclusion;
  readonly state: State;
  readonly now: number;
}

/** The most packets first; yields now and then, and returns them. */
export function* stubbornOf(
  drops: Iterable<NetDrops>,
  { conclusion, state, now }: StubbornOptions,
): Generator<undefined, readonly Stubborn[]> {
  let top: NetDrops[] = [];
  let seen = 0;
  for (const each of drops) {
    if (each.packets > 0 && (top.length < MOST || each.packets > (top.at(-1)?.packets ?? 0)))
      top = [...top, each].sort((a, b) => b.packets - a.packets).slice(0, MOST);
    if (++seen % AT_ONCE === 0) yield;
  }
  const found: Stubborn[] = [];
  for (const { ip, jail, packets, bytes } of top) {
    found.push({ ip, jail, packets, bytes, ...neighbourhoodOf({ ip, jail }, conclusion, { state, now }) });
    yield;
  }
  return found;
}
