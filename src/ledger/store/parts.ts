/** What one file of the state holds, and the state that all of them make. */
import type { Mistake } from '../../yaml/mistake.ts';
import { claimKey, type Claim } from '../../claims/claim.ts';
import { decodeClaims, decodeJails, encodeClaims, encodeJails, type Decoded } from './codec.ts';
import { isShardName, makeShard, shardOf, type Server, type Shard, type State } from '../../claims/state.ts';

export type Part = Shard | Server;

type ReadPart =
  | { readonly kind: 'part'; readonly part: Part; readonly strays: readonly Claim[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

/** Reads a file; its `strays` are all its claims, where one of them stands in the wrong file. */
export function readPart(path: string, text: string): ReadPart {
  if (path.startsWith('servers/')) {
    const decoded = decodeJails(text);
    if (decoded.kind === 'mistakes') return decoded;
    return { kind: 'part', part: new Map(decoded.items.map(({ name, jail }) => [name, jail])), strays: [] };
  }
  const decoded: Decoded<Claim> = decodeClaims(text);
  if (decoded.kind === 'mistakes') return decoded;
  const shard = path.slice('claims/'.length, -'.yaml'.length);
  const claims = new Map(decoded.items.map((claim) => [claimKey(claim), claim]));
  const misplaced = decoded.items.some((claim) => shardOf(claim.ip) !== shard);
  return { kind: 'part', part: makeShard(claims), strays: misplaced ? decoded.items : [] };
}

/** A file with nothing in it. */
export const EMPTY_SHARD: Shard = makeShard(new Map());

/** True for a list of nothing. */
export function isEmpty(part: Part | undefined): boolean {
  return part !== undefined && 'claims' in part && part.claims.size === 0;
}

/** The text of its file. */
export function encodePart(part: Part): string {
  return 'claims' in part ? encodeClaims(part.claims.values()) : encodeJails(part);
}

/**
 * True for a file that may stay though it holds nothing: there are few such names, and a new one is a change to git.
 */
export function mayBeEmpty(path: string): boolean {
  return !path.startsWith('claims/') || isShardName(shardName(path));
}

/** Claims that stand in the wrong file, by a person's hand or an older version's, are taken to where they belong. */
export function assemble(
  parts: Iterable<readonly [path: string, part: Part | undefined]>,
  strays: readonly Claim[],
): State {
  const shards = new Map<string, Shard>();
  const servers = new Map<string, Server>();
  for (const [path, part] of parts) {
    if (part === undefined || isEmpty(part)) continue;
    if ('claims' in part) shards.set(shardName(path), part);
    else servers.set(path.slice('servers/'.length, -'.yaml'.length), part);
  }
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
  return { shards, servers, flushedBy: -Infinity };
}

function shardName(path: string): string {
  return path.slice('claims/'.length, -'.yaml'.length);
}
