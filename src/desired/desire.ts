/**
 * Turns what is enforced into the chains, sets and jumps that should stand, one family at a time. The whole answer to
 * "what should the firewall hold" is here; nothing here knows what it does hold.
 */
import { chainOf, denyChain } from '../netfilter/chain.ts';
import type { Rule } from '../netfilter/rule.ts';
import type { Family, Net } from '../net/net.ts';
import { desireChain, type ChainOptions, type DesiredChain } from './desired-chain.ts';
import { portionsOf, type JailPortion, type Portion, type Wanted } from './portion.ts';

export interface Desired {
  readonly family: Family;
  /** By name, in the order of their jumps. */
  readonly chains: ReadonlyMap<string, DesiredChain>;
  /** Stand in this order at the top of each hook. */
  readonly jumps: readonly Rule[];
  readonly options: DesireOptions;
}

export interface DesireOptions extends ChainOptions {
  readonly prefix: string;
  readonly deny: readonly Net[];
}

/** The ruleset of one family. */
export function desire(wanted: Iterable<Wanted>, options: DesireOptions): Desired {
  return assemble(portionsOf(wanted, options.family), options);
}

/**
 * The ruleset of these portions, by region. Chains that nothing changed of since `before` are the same objects, so
 * that what is not the same is all that has to be looked at.
 */
export function assemble(
  portions: ReadonlyMap<string, Portion>,
  options: DesireOptions,
  before?: Desired,
): Desired {
  const old = before !== undefined && areSame(before.options, options) ? before.chains : undefined;
  const { family, prefix } = options;
  const chains: [name: string, chain: DesiredChain][] = [];
  const deny = denyChain(prefix);
  const denied = denyPortions(options);
  if (denied.size > 0) chains.push([deny, old?.get(deny) ?? desireChain(deny, denied, options)]);
  for (const [jail, own] of byJail(portions)) {
    const name = chainOf(jail, prefix);
    const known = old?.get(name);
    const isKnown = known !== undefined && areSameParts(known.portions, own);
    chains.push([name, isKnown ? known : desireChain(name, own, options)]);
  }
  chains.sort(([a], [b]) => (a < b ? -1 : 1));
  return { family, chains: new Map(chains), jumps: chains.flatMap(([, { jumps }]) => jumps), options };
}

function denyPortions({ deny, family }: DesireOptions): ReadonlyMap<string, JailPortion> {
  const scope = { jail: '', ports: 'all', protocols: 'all' };
  const portions = portionsOf(
    deny.map((ip) => ({ ip, ...scope })),
    family,
  );
  return byJail(portions).get(scope.jail) ?? new Map<string, JailPortion>();
}

function byJail(portions: ReadonlyMap<string, Portion>): ReadonlyMap<string, Map<string, JailPortion>> {
  const jails = new Map<string, Map<string, JailPortion>>();
  for (const [region, portion] of portions) {
    for (const [jail, own] of portion) {
      const known = jails.get(jail);
      if (known === undefined) jails.set(jail, new Map([[region, own]]));
      else known.set(region, own);
    }
  }
  return jails;
}

function areSameParts(a: ReadonlyMap<string, JailPortion>, b: ReadonlyMap<string, JailPortion>): boolean {
  if (a.size !== b.size) return false;
  for (const [region, portion] of a) if (b.get(region) !== portion) return false;
  return true;
}

function areSame(a: DesireOptions, b: DesireOptions): boolean {
  const isEqual = (one: readonly Net[], other: readonly Net[]): boolean =>
    one.length === other.length && one.every(({ text }, index) => text === other[index]?.text);
  return (
    a.verdict === b.verdict &&
    a.backend === b.backend &&
    a.prefix === b.prefix &&
    isEqual(a.allowed, b.allowed) &&
    isEqual(a.deny, b.deny)
  );
}
