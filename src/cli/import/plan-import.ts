/**
 * What is to be said so that the bans of another tool become the operator's: batches that the spool takes, of what is
 * not banned so already. In: the bans that are wanted, and the state. Out: intents, none of which the next pass
 * refuses.
 */
import { allClaims, isLift, type State } from '../../claims/state.ts';
import type { Claim } from '../../claims/claim.ts';
import { OPERATOR } from '../../domain/names.ts';
import { originOf } from '../../domain/origin.ts';
import { refusalText } from '../../domain/refusals.ts';
import { MAX_AHEAD_MS } from '../../intent/clamp.ts';
import { MAX_SECONDS } from '../../intent/fields.ts';
import type { SnapshotIntent } from '../../intent/intent.ts';
import { Census } from '../../policy/census.ts';
import type { Policy } from '../../policy/policy.ts';
import { Quota } from '../../policy/quota.ts';
import { BanspoolError } from '../../system/error.ts';
import type { WantedBan } from './read-banned.ts';

export interface ImportOptions {
  readonly jail: string;
  readonly note: string | undefined;
  readonly now: number;
  readonly state: State;
  readonly policy: Policy;
}

export interface PlannedImport {
  readonly batches: readonly SnapshotIntent[];
  /** Bans in them. */
  readonly count: number;
  /** Bans that the operator has in that jail already, for as long. */
  readonly known: number;
}

/** Bans of one file: a pass takes in so many at once, and their text is far below the limit of a file. */
export const BATCH = 10_000;

/** Throws where the policy does not let the operator ban so many. */
export function planImport(bans: readonly WantedBan[], options: ImportOptions): PlannedImport {
  const { jail, note, state, policy } = options;
  const held = heldIn(state, jail);
  const time = timeOf(options);
  const missing = bans.filter((ban) => !isHeld(held.get(ban.ip.text), ban, time));
  const batches: SnapshotIntent[] = [];
  for (let at = 0; at < missing.length; at += BATCH) {
    batches.push({
      ...{ intent: 'snapshot', adds: true, jail, ports: 'all', protocols: 'all', time },
      ...(note !== undefined && { reason: note }),
      bans: missing.slice(at, at + BATCH).map(({ ip, until }) => ({ ip, time, until: endOf(until, time) })),
    });
  }
  refuseTooMany(batches, { state, policy });
  return { batches, count: missing.length, known: bans.length - missing.length };
}

/** The longest that an intent can say. */
function endOf(until: number, time: number): number {
  return until === Infinity ? until : Math.min(until, time + MAX_SECONDS * 1000);
}

function refuseTooMany(
  batches: readonly SnapshotIntent[],
  { state, policy }: Pick<ImportOptions, 'state' | 'policy'>,
): void {
  const quota = new Quota({ state, policy, census: new Census() });
  for (const batch of batches) {
    const refusal = quota.refusalOf(OPERATOR, batch);
    if (refusal !== undefined)
      throw new BanspoolError('refused', refusalText(refusal), {
        hint: 'nothing was written: the next pass would refuse it',
      });
    quota.accept(OPERATOR, batch);
  }
}

type Held = Pick<Claim, 'bans'>;

function heldIn(state: State, jail: string): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const claim of allClaims(state))
    if (originOf(claim.server).kind === 'operator' && claim.jail === jail) held.set(claim.ip.text, claim);
  return held;
}

/**
 * Whether it is banned so already: until then, or, where only a length was asked for, for as long from when that
 * began. So what is imported twice stays as it was.
 */
function isHeld(held: Held | undefined, { until, isTold }: WantedBan, time: number): boolean {
  return (held?.bans ?? []).some((ban) =>
    isTold || until === Infinity
      ? ban.until >= until
      : ban.until > time && ban.until - ban.since >= until - time,
  );
}

/** After every lift of an operator, which may be dated ahead for what it lifted; all bans have one time. */
function timeOf({ now, state }: ImportOptions): number {
  let time = now;
  for (const claim of allClaims(state)) {
    const lifted = isLift(claim) ? (claim.unbanned ?? 0) + 1 : 0;
    if (lifted > time && lifted - now <= MAX_AHEAD_MS) time = lifted;
  }
  return time;
}
