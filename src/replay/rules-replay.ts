/**
 * Has the rules of escalation of one policy ban in a replay: by the same function as in a pass, held after each commit
 * against the bans that began in it. Only what rules count is remembered, for as long as they can count it.
 */
import { claimKey, type Claim } from '../claims/claim.ts';
import { forgetSeen, keepLiftsOfSeen } from '../claims/seen/forget-seen.ts';
import { SeenDraft } from '../claims/seen/seen-draft.ts';
import { settle } from '../claims/settle.ts';
import { EMPTY_STATE, isLift, makeShard, shardOf, type Shard, type State } from '../claims/state.ts';
import { ESCALATION } from '../domain/names.ts';
import { escalate } from '../escalation/escalate.ts';
import { memoryOfRules } from '../escalation/memory-of-rules.ts';
import type { Policy } from '../policy/policy.ts';
import { beganIn, unbannedIn } from './sightings.ts';
import { Timeline, type Piece } from './timeline.ts';

/** A ban of a rule that lasts longer and began before what is replayed is not known. */
const LONGEST_BAN = 366 * 24 * 3_600_000;

/** Of what has ended no more is held for longer. */
const SETTLE_MS = 3_600_000;

/** The file of what rules ban. */
const BY_RULES = 'rules';

/** How long before the time that is meant a replay has to begin. */
export function lengthOfRules({ escalate: rules }: Policy): number {
  const bans = rules.map(({ ban }) => Math.min(ban, LONGEST_BAN));
  return Math.min(LONGEST_BAN, memoryOfRules(rules) + Math.max(0, ...bans));
}

export class RulesReplay {
  readonly #policy: Policy;
  readonly #timeline: Timeline;
  readonly #memory: number;
  #state: State = EMPTY_STATE;
  #draft = new SeenDraft(EMPTY_STATE.seen);
  #hasNews = false;
  #settled = -Infinity;

  constructor(policy: Policy, take: (piece: Piece) => void) {
    this.#policy = policy;
    this.#memory = memoryOfRules(policy.escalate);
    this.#timeline = new Timeline(take);
  }

  /** A line that another came in place of, came, or went. */
  change(before: Claim | undefined, after: Claim | undefined, time: number): void {
    if (isOfRules(before ?? after)) return;
    const [lifted, lift] = [before, after].map((claim) => (claim && isLift(claim) ? claim : undefined));
    if (lift !== undefined) this.#putLift(lift, time);
    else if (lifted !== undefined) this.#takeLift(lifted, time);
    if (after === undefined) return;
    const oldest = time - this.#memory;
    const [ban, unban] = [beganIn(before, after), unbannedIn(before, after)];
    if (ban !== undefined && ban.since > oldest) {
      this.#draft.addBan(after, ban);
      this.#hasNews = true;
    }
    if (unban !== undefined && unban > oldest) {
      this.#draft.addUnban(after, unban);
      this.#hasNews = true;
    }
  }

  /** All of a commit was told. */
  endCommit(now: number): void {
    if (this.#hasNews) this.#escalate(now);
    if (now - this.#settled < SETTLE_MS) return;
    this.#settled = now;
    const memory = this.#memory;
    const kept = keepLiftsOfSeen(this.#state, { now, memory });
    this.#replace(forgetSeen(settle(kept, EMPTY_STATE, now), { now, memory }));
  }

  finish(time: number): void {
    this.#timeline.finish(time);
  }

  #escalate(now: number): void {
    const old = this.#state;
    const seen = this.#draft.finish();
    this.#replace(escalate({ ...old, seen }, { policy: this.#policy, now, before: old.seen }));
    for (const [name, shard] of this.#state.shards) {
      const known = old.shards.get(name);
      if (shard === known) continue;
      for (const [key, claim] of shard.claims)
        if (isOfRules(claim) && claim !== known?.claims.get(key)) this.#timeline.add(claim, BY_RULES, now);
    }
  }

  #replace(state: State): void {
    this.#state = state;
    this.#draft = new SeenDraft(state.seen);
    this.#hasNews = false;
  }

  #putLift(lift: Claim, time: number): void {
    this.#changeShard(lift, (claims) => claims.set(claimKey(lift), lift));
    this.#timeline.add(lift, BY_RULES, time);
  }

  /** One that went since it could no longer matter may matter to these rules; they forget it by themselves. */
  #takeLift(lift: Claim, time: number): void {
    if ((lift.forget ?? 0) <= time) return;
    const key = claimKey(lift);
    this.#changeShard(lift, (claims) => claims.delete(key));
    this.#timeline.remove(key, BY_RULES, time);
  }

  #changeShard({ ip }: Claim, change: (claims: Map<string, Claim>) => unknown): void {
    const name = shardOf(ip);
    const claims = new Map(this.#state.shards.get(name)?.claims);
    change(claims);
    const shards = new Map<string, Shard>([...this.#state.shards, [name, makeShard(claims)]]);
    this.#state = { ...this.#state, shards };
  }
}

/** True for what a rule of a policy banned. */
export function isOfRules(claim: Pick<Claim, 'server'> | undefined): boolean {
  return claim?.server === ESCALATION;
}
