/**
 * Turns what is enforced into what the firewall should bring about, one family at a time: jails with their members
 * and their traffic, and who is let by. How that is done, by rules or sets and in which order, is not known here, nor
 * is what the firewall does hold.
 */
import type { Family, Net } from '../domain/net.ts';
import type { ConcludedList } from './conclude-lists.ts';
import { desireJail, desireList, type DesiredJail } from './desired-jail.ts';
import { portionsOf, type JailPortion, type Portion } from './portion.ts';

export interface Desired {
  readonly family: Family;
  /** By name. */
  readonly jails: ReadonlyMap<string, DesiredJail>;
  /** By name: what lists drop, each like a jail of its own. */
  readonly lists: ReadonlyMap<string, DesiredJail>;
  /** What policy.yaml denies, ahead of all jails; undefined where it denies nothing. */
  readonly denied: DesiredJail | undefined;
  readonly options: DesireOptions;
}

export interface DesireOptions {
  readonly family: Family;
  readonly deny: readonly Net[];
  readonly allowed: readonly Net[];
  readonly lists?: readonly ConcludedList[];
}

/**
 * What is desired of one family, whose portions these are, by region. Jails that nothing changed of since `before`
 * are the same objects, so that what is not the same is all that has to be looked at.
 */
export function desire(
  portions: ReadonlyMap<string, Portion>,
  options: DesireOptions,
  before?: Desired,
): Desired {
  const old = before !== undefined && areSame(before.options, options) ? before : undefined;
  const { family, allowed } = options;
  const jails = new Map<string, DesiredJail>();
  for (const [jail, own] of byJail(portions)) {
    const known = old?.jails.get(jail);
    const isKnown = known !== undefined && areSameParts(known.portions, own);
    jails.set(jail, isKnown ? known : desireJail(own, allowed, known));
  }
  const denied = old === undefined ? desireDenied(options) : old.denied;
  return { family, jails, lists: desireLists(options, before), denied, options };
}

function desireDenied(options: DesireOptions): DesiredJail | undefined {
  const denied = denyPortions(options);
  return denied.size === 0 ? undefined : desireJail(denied, options.allowed);
}

function desireLists(
  { family, lists = [] }: DesireOptions,
  before: Desired | undefined,
): ReadonlyMap<string, DesiredJail> {
  const desired = new Map<string, DesiredJail>();
  for (const list of lists) {
    if (list.table.parts(family).size === 0) continue;
    const isKnown = before?.options.lists?.includes(list) === true && before.family === family;
    const known = isKnown ? before.lists.get(list.name) : undefined;
    desired.set(list.name, known ?? desireList(list, family));
  }
  return desired;
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
    one === other ||
    (one.length === other.length && one.every(({ text }, index) => text === other[index]?.text));
  return isEqual(a.allowed, b.allowed) && isEqual(a.deny, b.deny);
}
