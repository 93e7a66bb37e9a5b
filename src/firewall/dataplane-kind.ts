/** All that the program asks of a kind of data plane, beside what a pass does with one family's (dataplane.ts). */
import type { Problem, ReasonOf } from '../domain/conditions.ts';
import type { Finding } from '../domain/finding.ts';
import type { Family, Net } from '../domain/net.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import type { World } from '../world/world.ts';
import type { Line } from './change.ts';
import type { Dataplane } from './dataplane.ts';

export interface DataplaneKind {
  /** That of one family, for one enforcement. */
  readonly open: (world: Pick<World, 'config' | 'now'>, tools: Tools, family: Family) => Dataplane;
  /** A problem for each place where rules of ours are left that nobody manages, or that does not say what it holds. */
  readonly findLeftovers: (world: World, tools: Tools) => Promise<readonly Problem[]>;
  /** What keeps a ruleset that somebody saved from being loaded at boot. */
  readonly findTraps: (world: World) => Promise<readonly Trap[]>;
  /** What doctor says of its programs, its tables and its sets. */
  readonly diagnose: (world: World, tools: Tools) => Promise<readonly Finding[]>;
  readonly spelling: Spelling;
}

/** In saved rules: what is wrong, and what mends it. */
export interface Trap {
  readonly reason: ReasonOf<'SavedRulesLoad'>;
  readonly what: string;
  readonly mend: string;
}

/**
 * How rules are spelt: by that a rule in a plan is found to be what a claim or a line of the policy wants. Methods, as
 * those of a data plane are: the rules are those that its plans hold.
 */
export interface Spelling {
  /** All texts of a rule that drops the packets from it. */
  dropping(net: Pick<Net, 'family' | 'text'>): readonly string[];
  /** The text of a rule that lets its packets by. */
  letting(net: Net): string;
  /** Of a member of a set: the chain whose set it is, and the text of a rule that would do as much. */
  member(set: string, text: string): { readonly chain: string; readonly rule: string };
  /** What a rule is there for that is about no single net. */
  purpose(rule: Line): string | undefined;
}
