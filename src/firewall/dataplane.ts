/**
 * What a pass does with one family's firewall, whatever carries it out: it reads what is there, plans what turns that
 * into what is desired, and applies the plan. What should stand and what stands have forms of their own in each data
 * plane, which a pass hands on and does not look into: what it has to know of them it asks.
 * test/contract/dataplane.test.ts holds every data plane.
 */
import type { BanIntent } from '../intent/intent.ts';
import type { Desired } from '../desired/desire.ts';
import type { Problem } from '../domain/conditions.ts';
import type { Family, Net } from '../domain/net.ts';
import type { Change } from './change.ts';
import type { JailDrops, NetDrops } from './drops.ts';

/** What should stand; the rest of it is its data plane's. */
export interface Ruleset {
  readonly family: Family;
  readonly desired: Desired;
}

/** What stands, as it was read; the rest of it is its data plane's. */
export interface Observed {
  readonly family: Family;
}

/** What turns the one into the other. */
export interface Plan {
  /** What it leads to: the wanted one, but for sets whose names are taken. */
  readonly ruleset: Ruleset;
  /** In the order in which they are made. */
  readonly changes: readonly Change[];
  /** Hooks that do not exist: their jumps wait for them. */
  readonly missingHooks: readonly string[];
  /** Sets of ours that should go, and that somebody else's rule looks into. */
  readonly heldSets: readonly string[];
  /** More is to be planned once this is done. */
  readonly isPartial: boolean;
}

/** A rule, or a member of a set, that stands on the firewall. */
export type StandingRule =
  | {
      readonly kind: 'rule';
      readonly chain: string;
      /** As the firewall's own program writes it, without its chain. */
      readonly rule: string;
      readonly packets: number;
      readonly bytes: number;
    }
  | {
      readonly kind: 'member';
      readonly set: string;
      readonly member: string;
      /** Null where the set does not count. */
      readonly packets: number | null;
      readonly bytes: number | null;
    };

/**
 * Of one family, for one enforcement. These are methods so that a data plane may name its own forms where the general
 * ones stand here: it is handed none but those that it made.
 */
export interface Dataplane extends Telling {
  /** What is desired, in the form of this data plane; what nothing changed of since `before` is not made anew. */
  rulesetOf(desired: Desired, before?: Ruleset): Ruleset;
  /** Reads all that is there; throws where what is read cannot be trusted. */
  read(known?: Observed): Promise<Observed>;
  /** Reads again what others may have changed; the rest is as in `known`. */
  readAgain(known: Observed): Promise<Observed>;
  /** Plans what turns the one into the other; what is the same in `settled` is known to agree, and not looked at. */
  plan(wanted: Ruleset, observed: Observed, settled?: Ruleset): Plan;
  /** Carries the plan out; throws where the firewall refuses it. */
  apply(plan: Plan): Promise<void>;
  /** What is there once a plan was carried out, or where there was nothing to do. */
  after(plan: Plan, observed: Observed): Promise<After>;
  /** True where somebody is in the middle of making all of it anew: what `before` put there is gone at a stroke. */
  isEmptied(observed: Observed, before: Ruleset | undefined, signs: Signs): boolean;
  /** Waits for another program that is changing the firewall to come to its end. */
  untilQuiet(): Promise<void>;
  /** Lines that were read and mean nothing. */
  readonly noise: ReadonlySet<string>;
}

/** What is told of what stands, of what should, and of what is planned: to the log, to status and to commands. */
interface Telling {
  /** What keeps this machine from holding it as the config asks. */
  problemsOf(ruleset: Ruleset, observed: Observed): readonly Problem[];
  /** How full the sets of it are. */
  sizesOf(ruleset: Ruleset, observed: Observed): readonly SetSize[];
  /** Whom the changes begin to drop, and perhaps some who were dropped before: addresses and networks, as text. */
  newlyDropped(changes: readonly Change[], ruleset: Ruleset): ReadonlySet<string>;
  /** Chains of ours that stand without a rule. */
  emptiedChains(observed: Observed, wanted: Ruleset): readonly string[];
  /** The rules of ours in a chain, as text. */
  rulesIn(observed: Observed, chain: string): readonly string[];
  /** The rules, and members of sets, that are about a net of which this is true. */
  rulesOn(observed: Observed, touches: (net: Net) => boolean): readonly StandingRule[];
  /** What of the packets of this address is dropped, in words; undefined where nothing is. */
  droppedTraffic(observed: Observed, ip: Net): readonly string[] | undefined;
  /** What each net has dropped, as far as that is counted; those that dropped nothing are left out. */
  drops(ruleset: Ruleset, observed: Observed): Iterable<NetDrops>;
  /** Chains of ours whose nets are not counted one by one. */
  uncounted(ruleset: Ruleset, observed: Observed): readonly string[];
  /** What each jail dropped since `before` was read, where anything was read since; nothing where that is not known. */
  droppedSince(before: Observed | undefined, ruleset: Ruleset, observed: Observed): readonly JailDrops[];
  /** What stood there before anything of ours did, as bans. */
  adoptable(observed: Observed): Adoptable;
}

export interface After {
  readonly observed: Observed;
  /** False where nothing was read, since it is known from what was taken. */
  readonly isRead: boolean;
}

/** By what it shows that somebody makes the table anew. */
export interface Signs {
  readonly changes: readonly Change[];
  /** What stood there before, as far as that is known. */
  readonly trusted: Observed | undefined;
  /** How many rules went from a chain in one transaction of somebody else's. */
  readonly cut: ReadonlyMap<string, number>;
}

/** How full a set is. */
export interface SetSize {
  readonly name: string;
  readonly members: number;
  readonly capacity: number;
}

export interface Adoptable {
  readonly bans: readonly BanIntent[];
  /** What has to be taken out by a person first: without it more or less would be dropped. */
  readonly obstacle: Error | undefined;
}
