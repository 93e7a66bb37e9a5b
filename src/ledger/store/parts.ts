/** What one file of the state holds, and the state that all of them make. */
import type { Mistake } from '../../yaml/mistake.ts';
import { peerOf } from '../../domain/names.ts';
import { claimKey, type Claim } from '../../claims/claim.ts';
import { allTrails, EMPTY_REGION, joinRegion, type SeenRegion } from '../../claims/seen/seen-region.ts';
import { joinShards, splitShard } from '../../claims/split.ts';
import {
  decodeClaims,
  decodeJails,
  decodePeers,
  decodeSeen,
  encodeClaims,
  encodeJails,
  encodePeers,
  encodeSeen,
  type Decoded,
} from './codec.ts';
import { readTable } from './read-table.ts';
import {
  isShardName,
  makeShard,
  shardOf,
  type HeardPeer,
  type Server,
  type Shard,
  type State,
} from '../../claims/state.ts';

export type Part = Shard | Server | Peers | SeenRegion;

/** By name. */
type Peers = ReadonlyMap<string, HeardPeer>;

/** What was taken in of each peer beside its claims. */
export const HEARD_FILE = 'peers/heard.yaml';

type ReadPart =
  | { readonly kind: 'part'; readonly part: Part; readonly strays: readonly Claim[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

/** Reads a file; its `strays` are all its claims, where one of them stands in the wrong file. */
export function readPart(path: string, content: string | Buffer): ReadPart {
  if (path.startsWith('servers/')) {
    const decoded = decodeJails(content);
    if (decoded.kind === 'mistakes') return decoded;
    return { kind: 'part', part: new Map(decoded.items.map(({ name, jail }) => [name, jail])), strays: [] };
  }
  if (path === HEARD_FILE) {
    const decoded = decodePeers(content);
    if (decoded.kind === 'mistakes') return decoded;
    return { kind: 'part', part: new Map(decoded.items.map(({ name, peer }) => [name, peer])), strays: [] };
  }
  if (path.startsWith('seen/')) {
    const decoded = decodeSeen(content);
    if (decoded.kind === 'mistakes') return decoded;
    return { kind: 'part', part: joinRegion(decoded.items), strays: [] };
  }
  const isHere = (claim: Claim): boolean => fileOf(claim) === path;
  const table = readTable(typeof content === 'string' ? Buffer.from(content) : content, isHere);
  if (table !== undefined) return { kind: 'part', part: makeShard(table), strays: [] };
  const decoded: Decoded<Claim> = decodeClaims(content);
  if (decoded.kind === 'mistakes') return decoded;
  const claims = new Map(decoded.items.map((claim) => [claimKey(claim), claim]));
  const misplaced = !decoded.items.every(isHere);
  return { kind: 'part', part: makeShard(claims), strays: misplaced ? decoded.items : [] };
}

function fileOf({ ip, server }: Claim): string {
  return `${peerOf(server) === undefined ? 'claims' : 'peers'}/${shardOf(ip)}.yaml`;
}

/**
 * The files of a state, by path, with what each is to hold; `known` is what each holds, so that what did not change is
 * the same object.
 */
export function* partsOf(
  { shards, servers, peers, seen }: State,
  known: (path: string) => Part | undefined,
): Generator<readonly [path: string, part: Part]> {
  const shardAt = (path: string): Shard | undefined => {
    const part = known(path);
    return part !== undefined && 'claims' in part ? part : undefined;
  };
  for (const [name, shard] of shards) {
    const [ownPath, peersPath] = [`claims/${name}.yaml`, `peers/${name}.yaml`];
    const [own, others] = [shardAt(ownPath), shardAt(peersPath)];
    const split = splitShard(shard, {
      ...(own !== undefined && { own }),
      ...(others !== undefined && { peers: others }),
    });
    if (split.own.claims.size > 0) yield [ownPath, split.own];
    if (split.peers.claims.size > 0) yield [peersPath, split.peers];
  }
  for (const [name, server] of servers) yield [`servers/${name}.yaml`, server];
  if (peers.size > 0) yield [HEARD_FILE, peers];
  for (const [name, region] of seen) yield [`seen/${name}.yaml`, region];
}

/** A file with nothing in it. */
export function emptyPart(path: string): Part {
  return path.startsWith('seen/') ? EMPTY_REGION : EMPTY_SHARD;
}

const EMPTY_SHARD: Shard = makeShard(new Map());

/** True for a list of nothing. */
export function isEmpty(part: Part | undefined): boolean {
  if (part === undefined) return false;
  return 'tree' in part ? part.sizes.size === 0 : 'claims' in part && part.claims.size === 0;
}

/** The text of its file. */
export function encodePart(path: string, part: Part): string {
  if ('claims' in part) return encodeClaims(part.claims.values());
  if ('tree' in part) return encodeSeen(allTrails(part));
  // By its path: a map of jails and one of peers look alike.
  return path === HEARD_FILE ? encodePeers(part as Peers) : encodeJails(part as Server);
}

/**
 * True for a file that may stay though it holds nothing: there are few such names, and a new one is a change to git.
 */
export function mayBeEmpty(path: string): boolean {
  const [, shard] = CLAIMS_PATH.exec(path) ?? [];
  return shard === undefined || isShardName(shard);
}

/** Claims that stand in the wrong file, by a person's hand or an older version's, are taken to where they belong. */
export function assemble(
  parts: Iterable<readonly [path: string, part: Part | undefined]>,
  strays: readonly Claim[],
): State {
  const shards = new Map<string, Shard>();
  const servers = new Map<string, Server>();
  const split = { claims: new Map<string, Shard>(), peers: new Map<string, Shard>() };
  const seen = new Map<string, SeenRegion>();
  let peers: Peers = new Map();
  for (const [path, part] of parts) {
    if (part === undefined || isEmpty(part)) continue;
    const [, shard = ''] = CLAIMS_PATH.exec(path) ?? [];
    if ('claims' in part) split[path.startsWith('claims/') ? 'claims' : 'peers'].set(shard, part);
    else if ('tree' in part) seen.set(shard, part);
    else if (path === HEARD_FILE) peers = part as Peers;
    else servers.set(path.slice('servers/'.length, -'.yaml'.length), part as Server);
  }
  for (const name of new Set([...split.claims.keys(), ...split.peers.keys()]))
    shards.set(name, joinShards({ own: split.claims.get(name), peers: split.peers.get(name) }));
  const changed = new Map<string, Map<string, Claim>>();
  for (const claim of strays) {
    const name = shardOf(claim.ip);
    let claims = changed.get(name);
    if (claims === undefined) {
      claims = new Map(shards.get(name)?.claims);
      changed.set(name, claims);
    }
    claims.set(claimKey(claim), claim);
  }
  for (const [name, claims] of changed) shards.set(name, makeShard(claims));
  return { shards, servers, flushedBy: -Infinity, peers, seen };
}

const CLAIMS_PATH = /^(?:claims|peers|seen)\/(?!heard\.yaml$)(.*)\.yaml$/;
