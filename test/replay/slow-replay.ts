/** The same as a replay, slowly, so that it can be seen to be right: each step of time is judged as a pass does. */
import type { State } from '../../src/claims/state.ts';
import { explain } from '../../src/desired/conclude.ts';
import { contains, type Net } from '../../src/domain/net.ts';
import { droppedFor } from '../../src/policy/dropped-claim.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Compared, Sums } from '../../src/replay/replayed.ts';

/** What held at a time, and until the next step. */
export interface Step {
  readonly time: number;
  readonly state: State;
  /** Under the other policy, where that has rules of its own. */
  readonly ruled?: State;
  /** That was in force. */
  readonly before: Policy;
}

/** `203.0.113.7: 3600`, in seconds, of who was let in and who was banned; and sums as `sshd 2 7200`. */
export type Summary = Readonly<Record<'letIn' | 'banned' | 'before' | 'after', readonly string[]>>;

/** By steps of `length` milliseconds, at whose ends alone something changes. */
export function replaySlowly(steps: readonly Step[], policy: Policy, length: number): Summary {
  const noTimes = (): Map<string, number> => new Map();
  const times = { letIn: noTimes(), banned: noTimes(), before: noTimes(), after: noTimes() };
  const count = (where: Map<string, number>, key: string): void =>
    void where.set(key, (where.get(key) ?? 0) + length);
  for (const { time, state, ruled = state, before } of steps) {
    const sides = { before: droppedBy(state, before, time), after: droppedBy(ruled, policy, time) };
    for (const side of ['before', 'after'] as const) {
      const { dropped } = sides[side];
      for (const key of new Set(dropped.map(({ net, jail }) => `${jail} ${net.text}`)))
        count(times[side], key);
      for (const key of new Set(dropped.map(({ net }) => `* ${net.text}`))) count(times[side], key);
      for (const key of new Set(dropped.map(({ net, server }) => `by ${server} ${net.text}`)))
        count(times[side], key);
    }
    for (const net of netsOf(sides.before)) if (!isDropped(net, sides.after)) count(times.letIn, net.text);
    for (const net of netsOf(sides.after)) if (!isDropped(net, sides.before)) count(times.banned, net.text);
  }
  return {
    ...{ letIn: listOf(times.letIn), banned: listOf(times.banned) },
    ...{ before: sumsOf(times.before), after: sumsOf(times.after) },
  };
}

interface Dropped {
  readonly dropped: readonly { readonly net: Net; readonly jail: string; readonly server: string }[];
  readonly allowed: readonly Net[];
}

function droppedBy(state: State, policy: Policy, now: number): Dropped {
  const { judgement } = explain(state, { policy, ownAddresses: [], now });
  const { enforced, deny, allowed } = judgement;
  return {
    dropped: [
      ...enforced.map((claim) => ({ net: droppedFor(claim), jail: claim.jail, server: claim.server })),
      ...deny.map(({ net }) => ({ net, jail: 'policy', server: 'policy' })),
    ],
    allowed: allowed.map(({ net }) => net),
  };
}

function netsOf({ dropped }: Dropped): Iterable<Net> {
  return new Map(dropped.map(({ net }) => [net.text, net])).values();
}

function isDropped(net: Net, { dropped, allowed }: Dropped): boolean {
  if (allowed.some((each) => contains(each, net))) return false;
  return dropped.some((each) => contains(each.net, net));
}

function listOf(times: ReadonlyMap<string, number>): readonly string[] {
  return Array.from(times, ([key, time]) => `${key}: ${time / 1000}`).sort();
}

function sumsOf(times: ReadonlyMap<string, number>): readonly string[] {
  const sums = new Map<string, [number, number]>();
  for (const [key, time] of times) {
    const name = key.slice(0, key.lastIndexOf(' '));
    const [nets, seconds] = sums.get(name) ?? [0, 0];
    sums.set(name, [nets + 1, seconds + time / 1000]);
  }
  return Array.from(sums, ([name, sum]) => [name, ...sum].join(' ')).sort();
}

/** What a replay found, in the same form. */
export function summaryOf({ total, jails, servers, letIn, banned }: Compared): Summary {
  const sums = (side: keyof Sums): readonly string[] =>
    [['*', total] as const, ...jails, ...Array.from(servers, ([name, each]) => [`by ${name}`, each] as const)]
      .map(([name, each]) => [name, each[side].addresses, each[side].time / 1000] as const)
      .filter(([, addresses]) => addresses > 0)
      .map((sum) => sum.join(' '))
      .sort();
  const list = (all: Compared['letIn']): readonly string[] =>
    all.map(({ ip, time }) => `${ip.text}: ${time / 1000}`).sort();
  return { letIn: list(letIn), banned: list(banned), before: sums('before'), after: sums('after') };
}
