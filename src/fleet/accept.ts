/**
 * Takes in lines of a peer: converts names to those of this firewall and times to its clock, and refuses lines beyond
 * the limits of the peer. Pure.
 */
import { MAX_BANS } from '../claims/claim-join.ts';
import { claimKey, type Claim, type Details } from '../claims/claim.ts';
import type { Publication } from '../claims/hear.ts';
import { LONGEST_MEMORY_MS } from '../claims/keep-lifts.ts';
import { shardOf, type State } from '../claims/state.ts';
import { claimantBehind, isLiftOfServer, JAIL_NAME, liftName, peerOf, SERVER_NAME } from '../domain/names.ts';
import { originOf } from '../domain/origin.ts';
import { reasonText } from '../intent/fields.ts';
import type { Census, Holding } from '../policy/census.ts';
import { MAX_JAILS, widestOf } from '../policy/limits.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';
import { PeerClock } from './peer-clock.ts';
import { LIFTS_FILE } from './peer-file.ts';
import type { Refused, RefusedBy } from './refused.ts';

/** The lines of one file of a publication. */
export interface ToldFile {
  /** Such as `ipv4/203.yaml`, or LIFTS_FILE. */
  readonly path: string;
  readonly lines: readonly Claim[];
}

export interface Accepted extends Pick<Publication, 'claims' | 'lifts'> {
  /** By path: the number of refused lines of each file that has some. */
  readonly refused: ReadonlyMap<string, Refused>;
}

interface AcceptOptions {
  /** The name of this firewall in the fleet. */
  readonly self: string;
  readonly peer: string;
  readonly limits: PeerPolicy;
  readonly state: State;
  readonly census: Census;
  readonly now: number;
  /** The time of the publication, by the clock of the peer. */
  readonly published: number;
}

/** Accepts lines in their order, up to the limits. */
export function accept(files: readonly ToldFile[], options: AcceptOptions): Accepted {
  const { self, peer, state, now, published } = options;
  const clock = new PeerClock({ now, published });
  const circumstances = circumstancesOf(options);
  const [claims, lifts]: [Claim[], Claim[]] = [[], []];
  const refused = new Map<string, Refused>();
  for (const { path, lines } of files) {
    const areLifts = path === LIFTS_FILE;
    const counted: Partial<Record<RefusedBy, number>> = {};
    for (const told of lines) {
      const line = ours(told, { self, peer, state, clock });
      if (line !== undefined && areLifts && isPast(line, options)) continue;
      const by = line === undefined ? 'form' : (areLifts ? refuseLift : refuseClaim)(line, circumstances);
      if (by !== undefined) counted[by] = (counted[by] ?? 0) + 1;
      else if (line !== undefined) (areLifts ? lifts : claims).push(line);
    }
    if (Object.keys(counted).length > 0) refused.set(path, counted);
  }
  return { claims, lifts, refused };
}

/** True if the lift is too old to be taken in for the first time; it does not count towards `lifts`. */
function isPast(lift: Claim, { state, census, now }: AcceptOptions): boolean {
  return (lift.unbanned ?? now) + LONGEST_MEMORY_MS <= now && !census.isRemembered(lift, state);
}

/** What takes of the limits. */
class Room {
  claims = 0;
  readonly jails = new Set<string>();
}

interface Circumstances extends AcceptOptions {
  readonly holding: Holding;
  /** Of jails that the policy takes. */
  readonly taken: Room;
  /** Of all others, which are kept to be shown, and must not take the place of those. */
  readonly ignored: Room;
}

function isIgnored(jail: string, { jails }: PeerPolicy): boolean {
  return jails !== undefined && !jails.includes(jail);
}

function circumstancesOf(options: AcceptOptions): Circumstances {
  const { census, peer, state, limits } = options;
  const holding = census.holdingOfPeer(peer, state);
  const [taken, ignored] = [new Room(), new Room()];
  for (const [jail, { claims }] of holding.jails) {
    const room = isIgnored(jail, limits) ? ignored : taken;
    room.claims += claims;
    room.jails.add(jail);
  }
  return { ...options, holding, taken, ignored };
}

/** The limit that refuses the claim; without one, counts the claim. */
function refuseClaim(claim: Claim, circumstances: Circumstances): RefusedBy | undefined {
  const { limits, census, state } = circumstances;
  if (claim.bans.length === 0 || census.isHeld(claim, state)) return undefined;
  const room = isIgnored(claim.jail, limits) ? circumstances.ignored : circumstances.taken;
  if (room.claims >= limits.claims) return 'claims';
  // Each jail adds a chain, and jumps that every packet passes.
  if (!room.jails.has(claim.jail) && room.jails.size >= MAX_JAILS) return 'jails';
  room.claims += 1;
  room.jails.add(claim.jail);
  return undefined;
}

/** The limit that refuses the lift; without one, counts the lift. */
function refuseLift(lift: Claim, { holding, limits, census, state }: Circumstances): RefusedBy | undefined {
  if (lift.unbanned === undefined) return 'form';
  if (lift.ip.prefix < widestOf(lift.ip, limits)) return lift.ip.family === 'ipv4' ? 'prefix4' : 'prefix6';
  if (census.isRemembered(lift, state)) return undefined;
  if (holding.tombstones >= limits.lifts) return 'lifts';
  holding.tombstones += 1;
  return undefined;
}

interface Ours extends Pick<AcceptOptions, 'self' | 'peer' | 'state'> {
  readonly clock: PeerClock;
}

/** The line as this firewall keeps it, without ended bans; undefined if banspool does not publish such a line. */
function ours(told: Claim, { self, peer, state, clock }: Ours): Claim | undefined {
  if (!SERVER_NAME.test(told.server)) return undefined;
  if (told.bans.length > 0 && !JAIL_NAME.test(told.jail)) return undefined;
  const jail = isLiftOfServer(told.jail) ? liftFor(told.jail, { self, peer }) : told.jail;
  const key = { ip: told.ip, server: claimantBehind(peer, told.server), jail };
  const held = clock.isAhead(told)
    ? state.shards.get(shardOf(told.ip))?.claims.get(claimKey(key))
    : undefined;
  const bans = told.bans.slice(0, MAX_BANS).map((ban) => clock.banOf(ban, held));
  const left = bans.filter(({ until }) => until > clock.now);
  const { unbanned, forget = Infinity, details } = told;
  const isOfNewest = details?.said === told.bans[0]?.since;
  const saidAt = (isOfNewest ? bans[0]?.since : undefined) ?? clock.timeOf(details?.said ?? 0);
  return {
    ...key,
    bans: left,
    ...(details !== undefined && left.length > 0 && { details: detailsOf(details, saidAt) }),
    ...(unbanned !== undefined && isLiftLine(told) && liftTimes(clock.liftOf(unbanned, held), forget)),
  };
}

function liftTimes(unbanned: number, forget: number): Pick<Claim, 'unbanned' | 'forget'> {
  return { unbanned, forget: Math.min(forget, unbanned + LONGEST_MEMORY_MS) };
}

function detailsOf({ ports, protocols, failures, reason }: Details, said: number): Details {
  return {
    said,
    ...(ports !== undefined && { ports }),
    ...(protocols !== undefined && { protocols }),
    ...(failures !== undefined && { failures }),
    ...(reason !== undefined && { reason: reasonText(reason) }),
  };
}

/** True if the line is a lift. Another line without bans ends a claim. */
function isLiftLine({ server, bans }: Claim): boolean {
  return originOf(server).liftsOthers && bans.length === 0;
}

/** `sshd@web1` of the peer is `sshd@fw2/web1` here; its `sshd@fw1/web1` is `sshd@web1` of this firewall. */
function liftFor(name: string, { self, peer }: Pick<Ours, 'self' | 'peer'>): string {
  const [jail = '', claimant = ''] = name.split('@');
  const behind = peerOf(claimant);
  if (behind === undefined) return liftName(jail, claimantBehind(peer, claimant));
  return liftName(jail, behind === self ? claimant.slice(self.length + 1) : claimant);
}
