/** Peers as `peers --json` gives them: what was heard of each, and what of that counts here. */
import { peerOf } from '../../domain/names.ts';
import { fingerprintOf } from '../../domain/public-key.ts';
import { isSilent, reasonOf, troubleText } from '../../fleet/peer-problems.ts';
import { countRefused } from '../../fleet/refused.ts';
import type { Preview } from '../../pass/preview.ts';
import { Census } from '../../policy/census.ts';
import { isoTime } from '../../yaml/time.ts';

export interface ListedPeer {
  readonly name: string;
  /** When it last published something that was taken in, ISO 8601, UTC; null: never. */
  readonly heard: string | null;
  readonly sequence: number | null;
  /** From when that was published, by its clock, until it came here, in seconds; null where that is not known. */
  readonly lag: number | null;
  /** Of the key that policy.yaml has for it. */
  readonly fingerprint: string;
  /** What is held of it. */
  readonly claims: number;
  readonly enforced: number;
  /** Lines beyond its limits. */
  readonly refused: number;
  readonly lifts: number;
  /** In words; null: none. */
  readonly trouble: string | null;
  /** The same as the reason of a condition. */
  readonly reason: string | null;
}

type Found = Pick<Preview, 'state' | 'judgement' | 'peers'> & {
  readonly inputs: Pick<Preview['inputs'], 'policy'>;
};

/** All peers of the policy, in its order. */
export function listPeers({ inputs, state, judgement, peers }: Found, now: number): readonly ListedPeer[] {
  const census = new Census();
  const enforced = new Map<string, number>();
  for (const { server } of judgement.enforced) {
    const peer = peerOf(server);
    if (peer !== undefined) enforced.set(peer, (enforced.get(peer) ?? 0) + 1);
  }
  return Array.from(inputs.policy.peers, ([name, { key }]): ListedPeer => {
    const {
      published,
      lag,
      sequence,
      refused = {},
      trouble,
    } = peers.reports.find(({ peer }) => peer === name) ?? {};
    const { claims, tombstones } = census.holdingOfPeer(name, state);
    const isQuiet = published !== undefined && isSilent(published, now);
    return {
      name,
      heard: published === undefined ? null : isoTime(published),
      sequence: sequence ?? null,
      lag: lag === undefined ? null : Math.round(lag) / 1000,
      fingerprint: fingerprintOf(key),
      ...{ claims, enforced: enforced.get(name) ?? 0, refused: countRefused(refused), lifts: tombstones },
      trouble: trouble === undefined ? (isQuiet ? SILENT : null) : troubleText(trouble),
      reason: trouble === undefined ? (isQuiet ? 'Silent' : null) : reasonOf(trouble),
    };
  });
}

const SILENT = 'published nothing for 30 min';
