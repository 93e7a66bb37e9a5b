/**
 * What another policy makes of bans: which end, which begin, which last for another time or are enforced with
 * another network, and why each. In: the same claims as both policies judge them. A ban is an address that is claimed
 * in a jail and enforced, whoever claims it.
 */
import type { Net } from '../../domain/net.ts';
import { DENY_JAIL } from '../../domain/names.ts';
import type { LiveClaim } from '../../claims/live.ts';
import { droppedFor } from '../dropped-claim.ts';
import type { Judgement } from '../judge.ts';
import type { WhyIgnored } from '../why-ignored.ts';

export interface PolicyEffect {
  readonly ended: readonly BanEffect[];
  readonly begun: readonly BanEffect[];
  readonly changed: readonly ChangedBan[];
}

/** Of a ban that one of the policies has, and the other has not. */
export interface BanEffect {
  readonly ip: Net;
  readonly jail: string;
  readonly why: WhyEffect;
}

/** What the policy that lacks the ban says of it, or the one that has it. */
export type WhyEffect =
  /** The one that lacks it does not let this claim be enforced. */
  | { readonly code: 'ignored'; readonly claim: LiveClaim; readonly why: WhyIgnored }
  /** The one that has it denies the net. */
  | { readonly code: 'denied'; readonly line: number; readonly note: string | undefined }
  /** By the one that lacks it nothing claims it. */
  | { readonly code: 'claimed'; readonly claim: LiveClaim };

export interface ChangedBan {
  readonly ip: Net;
  readonly jail: string;
  /** Milliseconds since 1970; Infinity: until unbanned. */
  readonly until: number;
  readonly was: number;
  /** What is dropped for it. */
  readonly dropped: Net;
  readonly wasDropped: Net;
}

/** Compares them; each list is in the order in which claims were judged, what policies deny at its end. */
export function policyEffect(before: Judgement, after: Judgement): PolicyEffect {
  const [was, will] = [bansOf(before), bansOf(after)];
  const changed: ChangedBan[] = [];
  for (const [key, { ip, jail, until, dropped }] of will) {
    const old = was.get(key);
    if (old !== undefined && (old.until !== until || old.dropped.text !== dropped.text))
      changed.push({ ip, jail, until, was: old.until, dropped, wasDropped: old.dropped });
  }
  return {
    ended: missing(was, { in: will, judged: after }),
    begun: missing(will, { in: was, judged: before }),
    changed,
  };
}

interface Ban {
  readonly ip: Net;
  readonly jail: string;
  readonly dropped: Net;
  until: number;
  /** Undefined: it is denied. */
  readonly claim: LiveClaim | undefined;
  readonly line: number;
  readonly note: string | undefined;
}

function bansOf({ enforced, deny }: Judgement): ReadonlyMap<string, Ban> {
  const bans = new Map<string, Ban>();
  for (const claim of enforced) {
    const { ip, jail, until } = claim;
    const key = `${ip.text} ${jail}`;
    const known = bans.get(key);
    if (known === undefined)
      bans.set(key, { ip, jail, dropped: droppedFor(claim), until, claim, line: 0, note: undefined });
    else known.until = Math.max(known.until, until);
  }
  for (const { net, line, note, until } of deny)
    bans.set(`${net.text} ${DENY_JAIL}`, {
      ...{ ip: net, dropped: net, jail: DENY_JAIL, until, claim: undefined, line, note },
    });
  return bans;
}

interface Other {
  readonly in: ReadonlyMap<string, Ban>;
  readonly judged: Judgement;
}

function missing(bans: ReadonlyMap<string, Ban>, { in: others, judged }: Other): readonly BanEffect[] {
  const gone = Array.from(bans).filter(([key]) => !others.has(key));
  if (gone.length === 0) return [];
  const ignored = new Map(judged.ignored.map(({ claim, why }) => [keyOf(claim), why]));
  return gone.map(([, { ip, jail, claim, line, note }]) => {
    if (claim === undefined) return { ip, jail, why: { code: 'denied', line, note } };
    const why = ignored.get(keyOf(claim));
    return {
      ip,
      jail,
      why: why === undefined ? { code: 'claimed', claim } : { code: 'ignored', claim, why },
    };
  });
}

function keyOf({ ip, server, jail }: LiveClaim): string {
  return `${ip.text} ${server} ${jail}`;
}
