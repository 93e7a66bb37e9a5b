/**
 * A shard as its two parts: what is claimed on this side, and what peers claim. They stand in different files and are
 * published differently, but are one to whoever asks what is banned. A part that did not change stays the same object.
 */
import { peerOf } from '../domain/names.ts';
import { makeShard, type Shard } from './state.ts';
import type { ClaimTable } from './table/claim-table.ts';

export interface Split {
  readonly own: Shard;
  readonly peers: Shard;
}

interface Parts {
  readonly own: Shard | undefined;
  readonly peers: Shard | undefined;
}

const EMPTY: Shard = makeShard(new Map());

/** A shard never changes, so it is divided once. */
const SPLITS = new WeakMap<Shard, Split>();

/** The parts of a shard; `known` are those that it had before, and are taken again where they hold the same. */
export function splitShard(shard: Shard, known: Partial<Split> = {}): Split {
  const old = SPLITS.get(shard);
  if (old !== undefined) return old;
  const split = divide(shard, known);
  SPLITS.set(shard, split);
  return split;
}

/** The shard of both; undefined is a part without claims. */
export function joinShards({ own = EMPTY, peers = EMPTY }: Parts): Shard {
  if (peers.claims.size === 0) return own;
  const shard = own.claims.size === 0 ? peers : makeShard(own.claims.with(peers.claims));
  SPLITS.set(shard, { own, peers });
  return shard;
}

function divide(shard: Shard, known: Partial<Split>): Split {
  const { claims } = shard;
  const peers = claims.ofServers((server) => peerOf(server) !== undefined);
  if (peers.size === 0) return { own: shard, peers: EMPTY };
  if (peers.size === claims.size) return { own: EMPTY, peers: shard };
  const own = claims.ofServers((server) => peerOf(server) === undefined);
  return { own: sameOr(known.own, own), peers: sameOr(known.peers, peers) };
}

function sameOr(known: Shard | undefined, claims: ClaimTable): Shard {
  return known?.claims.isSame(claims) === true ? known : makeShard(claims);
}
