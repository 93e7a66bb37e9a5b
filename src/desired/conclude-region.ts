/**
 * Concludes from the claims of one region: ordinary ones by columns, others one by one. Where somebody judged all of
 * them before, that is taken; both give the same.
 */
import { liveClaimsIn, liveOthersIn } from '../claims/live.ts';
import { EMPTY_STATE, type Shard, type State } from '../claims/state.ts';
import { judge, type AllowedNet, type Circumstances, type Judgement } from '../policy/judge.ts';
import { concludeRows, type RowCounts } from './conclude-rows.ts';
import { jailNameOf } from './jail-name.ts';
import { PortionDraft, type Portion } from './portion.ts';
import { nextEndOf, type Region } from './regions.ts';

export interface ConcludedRegion {
  readonly region: Region;
  readonly portion: Portion;
  /** Different addresses in different jails. */
  readonly bans: number;
  /** Live ones, enforced or not. */
  readonly claims: number;
  /** Those of them that are not. */
  readonly ignored: number;
  /** Good from then until that moment, by the wall clock, which may be set back. */
  readonly from: number;
  readonly until: number;
}

interface ConcludeRegionOptions {
  readonly state: State;
  readonly circumstances: Circumstances;
  /** What no rule may drop. */
  readonly allowed: readonly AllowedNet[];
  /** Of all claims of the region, where they were judged. */
  readonly judgement: Judgement | undefined;
}

/** Concludes; of a region nothing is remembered. */
export function concludeRegion(region: Region, options: ConcludeRegionOptions): ConcludedRegion {
  const { judgement, circumstances } = options;
  const draft = new PortionDraft();
  const counts = judgement === undefined ? addRegion(draft, region, options) : addJudged(draft, judgement);
  const portion = draft.portion();
  let bans = 0;
  for (const { claimed } of portion.values()) bans += claimed;
  const { claims, ignored, nextChange } = counts;
  const until = Math.min(nextChange, nextEndOf(region));
  return { region, portion, bans, claims, ignored, from: circumstances.now, until };
}

function addRegion(
  draft: PortionDraft,
  { own, given }: Region,
  { state, circumstances, allowed }: ConcludeRegionOptions,
): RowCounts {
  const shards: readonly (readonly [Shard, State])[] = [
    ...(own === undefined ? [] : [[own, state] as const]),
    ...given.map((shard) => [shard, EMPTY_STATE] as const),
  ];
  const { now, policy } = circumstances;
  const counts: RowCounts[] = [];
  // Rows first: they come in order, which members are kept in.
  for (const [shard, ofState] of shards)
    if (!hasLifts(shard)) counts.push(concludeRows(draft, shard, { state: ofState, policy, allowed, now }));
  for (const [shard, ofState] of shards) {
    const claims = (hasLifts(shard) ? liveClaimsIn : liveOthersIn)(shard, ofState, now);
    counts.push(addJudged(draft, judge(claims, circumstances)));
  }
  return {
    claims: counts.reduce((sum, each) => sum + each.claims, 0),
    ignored: counts.reduce((sum, each) => sum + each.ignored, 0),
    nextChange: counts.reduce((next, each) => Math.min(next, each.nextChange), Infinity),
  };
}

/** What an operator lifts is looked up claim by claim. */
function hasLifts({ lifters }: Shard): boolean {
  return lifters.length > 0;
}

function addJudged(draft: PortionDraft, { enforced, ignored, nextChange }: Judgement): RowCounts {
  for (const claim of enforced) draft.in(jailNameOf(claim)).add(claim);
  return { claims: enforced.length + ignored.length, ignored: ignored.length, nextChange };
}
