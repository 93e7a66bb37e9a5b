/**
 * What a pass does with one family's firewall, whatever carries it out: it reads what is there, plans what turns that into
 * what is desired, and applies the plan. What should stand has a form of its own in each data plane, its ruleset, which a
 * pass hands on and does not look into. test/contract/dataplane.test.ts holds every data plane.
 */
import type { Desired } from '../desired/desire.ts';
import type { Observed } from './iptables/observed/observe.ts';
import type { Plan } from './iptables/plan/plan.ts';
import type { Ruleset } from './iptables/wanted/ruleset.ts';

/** Of one family, for one enforcement. */
export interface Dataplane {
  /** What is desired, in the form of this data plane; what nothing changed of since `before` is not made anew. */
  readonly rulesetOf: (desired: Desired, before?: Ruleset) => Ruleset;
  /** Reads all that is there; throws where what is read cannot be trusted. */
  readonly read: () => Promise<Observed>;
  /** Reads again what others may have changed; the rest is as in `known`. */
  readonly readAgain: (known: Observed) => Promise<Observed>;
  /** Plans what turns the one into the other; what is the same in `settled` is known to agree, and not looked at. */
  readonly plan: (wanted: Ruleset, observed: Observed, settled?: Ruleset) => Plan;
  /** Carries the plan out; throws where the firewall refuses it. */
  readonly apply: (plan: Plan) => Promise<void>;
  /** What is there once a plan was carried out, or where there was nothing to do. */
  readonly after: (plan: Plan, observed: Observed) => Promise<After>;
  /** Waits for another program that is changing the firewall to come to its end. */
  readonly untilQuiet: () => Promise<void>;
  /** Lines that were read and mean nothing. */
  readonly noise: ReadonlySet<string>;
}

export interface After {
  readonly observed: Observed;
  /** False where nothing was read, since it is known from what was taken. */
  readonly isRead: boolean;
}
