/**
 * Concludes from the ordinary claims of a shard, and makes none of them: what does not depend on address and times is
 * asked once for all that have it in common, the rest is read from columns. The slow way is judge() for each claim, and
 * both give the same; no operator may have lifted anything in the shard.
 */
import { peerHeardOf } from '../claims/live.ts';
import type { Shard, State } from '../claims/state.ts';
import type { Columns } from '../claims/table/columns.ts';
import type { Saying } from '../claims/table/saying.ts';
import { FULL_PREFIX } from '../domain/net.ts';
import { placeOf } from '../lists/table/sorted-numbers.ts';
import { termsOf, type AllowedNet } from '../policy/judge.ts';
import type { Policy } from '../policy/policy.ts';
import { jailNameOf } from './jail-name.ts';
import type { PortionDraft } from './portion.ts';

interface RowGrounds {
  readonly state: State;
  readonly policy: Policy;
  readonly allowed: readonly AllowedNet[];
  readonly now: number;
}

export interface RowCounts {
  /** Live ones. */
  readonly claims: number;
  readonly ignored: number;
  /** When the first that is enforced ends, or is to be ended. */
  readonly nextChange: number;
}

/** Adds to the draft what they ask for. */
export function concludeRows(draft: PortionDraft, { claims }: Shard, grounds: RowGrounds): RowCounts {
  const { columns } = claims;
  const { said, until, since, heard, addresses, sayings } = columns;
  const { now } = grounds;
  const verdicts = sayings.map((saying) => new Verdict(saying, { draft, grounds }));
  const isAllowed = allowedRows(columns, grounds.allowed);
  let [live, ignored, nextChange] = [0, 0, Infinity];
  for (let row = 0; row < said.length; row += 1) {
    const end = until[row] ?? 0;
    const verdict = verdicts[said[row] ?? 0];
    if (end <= now || verdict === undefined) continue;
    live += 1;
    const enforcedEnd = verdict.endOf(since[row] ?? 0, end);
    if (verdict.isRefused || isAllowed?.[row] === 1 || (verdict.isLimited && enforcedEnd <= now)) {
      ignored += 1;
      continue;
    }
    verdict.jailAt(heard[row] ?? 0).addHost(addresses[row] ?? 0, enforcedEnd);
    nextChange = Math.min(nextChange, enforcedEnd);
  }
  return { claims: live, ignored, nextChange };
}

/** A byte for each row, 1 where its address is allowed; undefined where none is. */
function allowedRows({ addresses }: Columns, allowed: readonly AllowedNet[]): Uint8Array | undefined {
  let rows: Uint8Array | undefined;
  for (const { net } of allowed) {
    if (typeof net.bits !== 'number') continue;
    const first = net.bits >>> 0;
    const from = placeOf(addresses, first);
    const last = first + 2 ** (FULL_PREFIX.ipv4 - net.prefix) - 1;
    const to = placeOf(addresses, last);
    const behind = addresses[to] === last ? behindAll(addresses, to) : to;
    if (from === behind) continue;
    rows ??= new Uint8Array(addresses.length);
    rows.fill(1, from, behind);
  }
  return rows;
}

/** Several rows may have one address. */
function behindAll(addresses: Uint32Array, place: number): number {
  let behind = place;
  while (addresses[behind] === addresses[place] && behind < addresses.length) behind += 1;
  return behind;
}

type JailDraft = ReturnType<PortionDraft['in']>;

/** What is judged once of all that has one saying. */
class Verdict {
  readonly isRefused: boolean;
  readonly isLimited: boolean;
  readonly #bantime: number;
  readonly #peerHeard: number | undefined;
  readonly #saying: Saying;
  readonly #rule: { readonly ports?: string; readonly protocols?: string };
  readonly #scope: { readonly said: number; readonly ports: string; readonly protocols: string } | undefined;
  readonly #draft: PortionDraft;
  #ofDetails: JailDraft | undefined;
  #ofJail: JailDraft | undefined;

  constructor(
    saying: Saying,
    { draft, grounds: { state, policy } }: { readonly draft: PortionDraft; readonly grounds: RowGrounds },
  ) {
    const { server, jail } = saying;
    const { isRefused, bantime, rule } = termsOf(saying, policy);
    this.isRefused = isRefused;
    this.isLimited = bantime !== Infinity;
    this.#bantime = bantime;
    this.#peerHeard = peerHeardOf(server, state);
    this.#saying = saying;
    this.#rule = rule ?? {};
    this.#scope = state.servers.get(server)?.get(jail)?.scope;
    this.#draft = draft;
  }

  /** When a ban ends for the policy. */
  endOf(since: number, until: number): number {
    const from = until === Infinity ? (this.#peerHeard ?? since) : since;
    return Math.min(until, from + this.#bantime);
  }

  /** Where a claim goes that was heard then: what it said of ports, or what was said of the jail since. */
  jailAt(heard: number): JailDraft {
    const { details } = this.#saying;
    const scope = this.#scope;
    if (details !== undefined && (scope === undefined || scope.said < heard))
      return (this.#ofDetails ??= this.#jailFor({ ...this.#scope, ...details }));
    return (this.#ofJail ??= this.#jailFor(scope ?? {}));
  }

  #jailFor(said: { readonly ports?: string; readonly protocols?: string }): JailDraft {
    const { server, jail } = this.#saying;
    const { ports = said.ports ?? 'all', protocols = said.protocols ?? 'tcp' } = this.#rule;
    const own = this.#draft.in(jailNameOf({ server, jail, ports, protocols }));
    own.addScope({ ports, protocols });
    return own;
  }
}
