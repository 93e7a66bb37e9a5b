/**
 * Sums up when nets were banned under two policies, and finds those that only one of them bans. A net that is inside of
 * another is banned while that one is, unless the policy allows it. Pure.
 */
import { contains, FULL_PREFIX, type Net } from '../domain/net.ts';
import { NetsAround } from './around.ts';
import { SIDES, type BanTimes, type Entry, type NetTimes, type Side } from './ban-times.ts';
import type { Epoch } from './epochs.ts';
import type { Compared, Different, Why } from './replayed.ts';
import { ruleOf } from './rule.ts';
import { lengthOf, union, without, type Spans } from './spans.ts';
import { Totals } from './totals.ts';

type Sides<T> = Readonly<Record<Side, T>>;

/** Where `epochs` are of each policy. */
export function compareTimes(times: BanTimes, epochs: Sides<readonly Epoch[]>): Compared {
  const wide = { before: new NetsAround<Spans>(), after: new NetsAround<Spans>() };
  for (const { net, entries } of eachNet(times)) {
    if (net.prefix === FULL_PREFIX[net.family]) continue;
    for (const side of SIDES) {
      const spans = spansOf(entries, side);
      if (spans.length > 0) wide[side].put(net, spans);
    }
  }
  const totals = new Totals();
  const letIn: Different[] = [];
  const banned: Different[] = [];
  for (const { net, entries } of eachNet(times)) {
    totals.add(entries);
    const own = { before: spansOf(entries, 'before'), after: spansOf(entries, 'after') };
    const dropped = (side: Side): Spans => {
      const around = wide[side].of(net);
      if (around.length === 0) return own[side];
      return union([...own[side], ...without(union(around.flat()), allowedTimes(net, epochs[side]))]);
    };
    const [out, more] = [without(own.before, dropped('after')), without(own.after, dropped('before'))];
    if (out.length > 0) letIn.push(differentOf(net, entries, { spans: out, side: 'before' }));
    if (more.length > 0) banned.push(differentOf(net, entries, { spans: more, side: 'after' }));
  }
  return { ...totals.sums(), letIn: letIn.sort(longestFirst), banned: banned.sort(longestFirst) };
}

function* eachNet(
  times: BanTimes,
): Generator<Pick<NetTimes, 'net'> & { readonly entries: readonly Entry[] }> {
  for (const each of times.nets) yield { net: each.net, entries: Array.from(times.entriesOf(each)) };
}

/** When it was banned by whomever. */
function spansOf(entries: readonly Entry[], side: Side): Spans {
  const spans: number[] = [];
  for (const { label, from, to, ...sides } of entries)
    if (sides[side] && label.why === undefined) spans.push(from, to);
  return union(spans);
}

function allowedTimes(net: Net, epochs: readonly Epoch[]): Spans {
  const isAllowed = ({ from, policy }: Epoch): boolean =>
    policy.allow.some((entry) => entry.until > from && contains(entry.net, net));
  return union(epochs.filter(isAllowed).flatMap(({ from, to }) => [from, to]));
}

interface DifferentTimes {
  readonly spans: Spans;
  /** Under which it is banned. */
  readonly side: Side;
}

function differentOf(ip: Net, entries: readonly Entry[], { spans, side }: DifferentTimes): Different {
  const about = entries
    .map((entry) => ({ ...entry, time: lengthOf(spans) - lengthOf(without(spans, [entry.from, entry.to])) }))
    .filter(({ time }) => time > 0)
    .sort((a, b) => b.time - a.time);
  const enforced = about.filter(({ label, ...sides }) => sides[side] && label.why === undefined);
  const names = (name: 'jail' | 'server'): readonly string[] =>
    Array.from(new Set(enforced.map(({ label }) => label[name]))).sort();
  return {
    ...{ ip, time: lengthOf(spans), jails: names('jail'), servers: names('server') },
    why: whyOf(about, side),
  };
}

function longestFirst(a: Different, b: Different): number {
  return b.time - a.time || (a.ip.text < b.ip.text ? -1 : 1);
}

/**
 * In: what is about it then, the longest first, and under which policy it is banned: by a rule of that one, or by a
 * claim that a rule of the other keeps from being enforced.
 */
function whyOf(about: readonly Entry[], banned: Side): Why | undefined {
  const other = banned === 'before' ? 'after' : 'before';
  const find = (side: Side, isBan: boolean): Why | undefined => {
    const { label } = about.find((entry) => entry[side] && (entry.label.why === undefined) === isBan) ?? {};
    const rule = label === undefined ? undefined : ruleOf(label);
    return rule === undefined ? undefined : { rule, of: side };
  };
  const [ban, refusal] = [find(banned, true), find(other, false)];
  // What the policy that is tried on says comes first.
  return banned === 'before' ? (refusal ?? ban) : (ban ?? refusal);
}
