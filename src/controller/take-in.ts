/** From files in the spool to intents that may be folded; what is refused is moved away on the spot. */
import { join } from 'node:path';
import { clampTime } from '../intent/clamp.ts';
import type { Intent } from '../intent/intent.ts';
import { parseIntent } from '../intent/parse.ts';
import { OPERATOR } from '../names/names.ts';
import type { Services } from '../net/services.ts';
import { reasonToRefuse } from '../policy/limits.ts';
import type { Policy } from '../policy/policy.ts';
import { lookAt } from '../spool/look.ts';
import { inTurns, sweep } from '../spool/sweep.ts';
import type { Said } from '../state/fold.ts';
import type { Census } from '../state/census.ts';
import { HoldingsIndex } from '../state/holdings.ts';
import type { State } from '../state/state.ts';
import type { SpoolEntry } from '../system/spool-files.ts';
import type { World } from './world.ts';

export interface Intake {
  readonly said: readonly Said[];
  /** To be removed once what they say is on disk. */
  readonly files: readonly TakenFile[];
  readonly refused: readonly RefusedFile[];
  readonly warnings: readonly string[];
  /** When the file of each ban was last written, in milliseconds since 1970. */
  readonly banArrivals: readonly number[];
  /** Files that could not be opened; they stay. */
  readonly forbidden: readonly string[];
  /** Temporary files in the servers' folders. */
  readonly strays: ReadonlyMap<string, readonly SpoolEntry[]>;
  /** True when there is no spool, or none that may be read. */
  readonly isMissing: boolean;
  /** Folders in the spool that are no server's. */
  readonly strangers: readonly string[];
  readonly servers: readonly string[];
  /** When a file that still grows will have stood still for too long; Infinity when there is none. */
  readonly nextGiveUp: number;
  /** True when the budget was spent with files left. */
  readonly more: boolean;
}

export interface TakenFile {
  readonly server: string;
  readonly entry: SpoolEntry;
  readonly stamp: string;
}

export interface RefusedFile {
  readonly server: string;
  readonly entry: SpoolEntry;
  readonly reason: string;
}

export interface IntakeOptions {
  readonly state: State;
  readonly policy: Policy;
  readonly services: Services;
  readonly now: number;
  readonly budget: ReadBudget;
  readonly census: Census;
}

/** When to stop reading and enforce what was read: everybody's bans wait for that. */
export interface ReadBudget {
  readonly milliseconds: number;
  /**
   * After so many bans in snapshots of one server its other files wait. A list is cheap to read, and dear to fold, enforce
   * and save, which comes after the reading: the time alone lets one server hold up the others' bans for many seconds.
   */
  readonly listedByServer: number;
}

/** Reads what waits, one file of each server in turn, until all is read or the budget is spent. Changes no file. */
export function takeIn({ config, spoolFiles }: World, options: IntakeOptions): Intake {
  const { now } = options;
  const found = sweep(config.spool, spoolFiles);
  const deadline = performance.now() + options.budget.milliseconds;
  const said: Said[] = [];
  const files: TakenFile[] = [];
  const refused: RefusedFile[] = [];
  const warnings: string[] = [];
  const banArrivals: number[] = [];
  const forbidden: string[] = [];
  let nextGiveUp = Infinity;
  let more = false;
  const listed = new Map<string, number>();
  let holdings: HoldingsIndex | undefined;

  for (const [server, entry] of inTurns(found.waiting)) {
    if (performance.now() > deadline) {
      more = true;
      break;
    }
    const listedSoFar = listed.get(server) ?? 0;
    if (listedSoFar >= options.budget.listedByServer) {
      more = true;
      continue;
    }
    const look = lookAt(entry, spoolFiles.read(join(config.spool, server), entry), now);
    const place = `${server}/${entry.name}`;
    if (look.kind === 'gone') continue;
    if (look.kind === 'growing') nextGiveUp = Math.min(nextGiveUp, look.until);
    else if (look.kind === 'forbidden') forbidden.push(`${place}: ${look.reason}`);
    else if (look.kind === 'refused') refused.push({ server, entry, reason: look.reason });
    else {
      holdings ??= new HoldingsIndex(options.state, options.census);
      const taken = takeOne(look.bytes, server, { ...options, holdings });
      if (taken.kind === 'refused') refused.push({ server, entry, reason: taken.reason });
      else {
        said.push({ server, intent: taken.intent });
        files.push({ server, entry, stamp: look.stamp });
        if (taken.intent.intent === 'ban') banArrivals.push(look.changedAt);
        if (taken.intent.intent === 'snapshot') listed.set(server, listedSoFar + taken.intent.bans.length);
        warnings.push(...taken.warnings.map((warning) => `${place}: ${warning}`));
      }
    }
  }
  const { isMissing, strays, strangers, servers } = found;
  return {
    ...{ said, files, refused, warnings, banArrivals, forbidden },
    ...{ isMissing, strays, strangers, servers, nextGiveUp, more },
  };
}

type Taken =
  | { readonly kind: 'taken'; readonly intent: Intent; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

function takeOne(
  bytes: Uint8Array,
  server: string,
  options: IntakeOptions & { holdings: HoldingsIndex },
): Taken {
  const parsed = parseIntent(bytes, { services: options.services, operator: server === OPERATOR });
  if (parsed.kind === 'refused') return parsed;
  const { intent, aheadSeconds } = clampTime(parsed.intent, options.now);
  const reason = reasonToRefuse(intent, server, {
    policy: options.policy,
    holdings: options.holdings.of(server),
  });
  if (reason !== undefined) return { kind: 'refused', reason };

  options.holdings.accept(server, intent);
  const warnings = [...parsed.warnings];
  if (aheadSeconds !== undefined) {
    warnings.push(`its time is ${aheadSeconds} s ahead of this machine's clock and was taken as now`);
  }
  if ('until' in intent && intent.until <= options.now) {
    const seconds = Math.round((options.now - intent.until) / 1000);
    warnings.push(
      `the ban ended ${seconds} s before it came and is not enforced: it came late, or ${server}'s clock is behind`,
    );
  }
  return { kind: 'taken', intent, warnings };
}
