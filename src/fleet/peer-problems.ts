/** The troubles of peers: their messages, their fixes, and the conditions that they make false. */
import { wordsFor, type Coded } from '../domain/coded.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';
import { HEARTBEAT_MS } from './rhythm.ts';
import { refusedText, type Refused } from './refused.ts';

const TROUBLES = {
  missing: () => 'published nothing yet, or its files do not arrive',
  'bad-signature': () => 'peer.yaml is not signed with the key that policy.yaml has for it',
  damaged: ({ path }: { readonly path: string }) => `${path} is not a file that banspool publishes`,
  'own-name': ({ name }: { readonly name: string }) => `"${name}" is the name of this firewall itself`,
  'other-name': ({ name }: { readonly name: string }) =>
    `peer.yaml has the name of another firewall, ${name}`,
  replayed: ({ sequence, newest }: { readonly sequence: number; readonly newest: number }) =>
    `publication ${sequence} is older than ${newest}, which banspool took in before`,
  incomplete: ({ path }: { readonly path: string }) => `${path} is missing or does not match peer.yaml`,
  unreadable: ({ message }: { readonly message: string }) => message,
  'beyond-limits': ({ refused, limits }: { readonly refused: Refused; readonly limits: PeerPolicy }) =>
    `refused: ${refusedText(refused, limits)}`,
};

export type PeerTrouble = Coded<typeof TROUBLES>;

/** A peer that publishes nothing for three heartbeats is silent. */
const SILENT_MS = 3 * HEARTBEAT_MS;

interface Peer {
  readonly peer: string;
  readonly published: number | undefined;
  readonly trouble: PeerTrouble | undefined;
}

/** The fix of each trouble, for the peer of that name. */
const MENDS: Readonly<Record<PeerTrouble['code'], (peer: string) => string>> = {
  missing: (peer) =>
    `run banspool doctor on ${peer}, and check the mover or the program that copies its files here`,
  'bad-signature': (peer) =>
    `run banspool peers key on ${peer}, and here banspool peers add ${peer} --key FILE`,
  damaged: (peer) => `run the same version of banspool on ${peer} and here`,
  'own-name': (peer) => `run banspool peers remove ${peer}, or correct name of fleet in the config`,
  'other-name': (peer) => `correct name in the config of that firewall, or the name ${peer} in policy.yaml`,
  replayed: (peer) => `wait for the next publication of ${peer}, 10 minutes at most`,
  incomplete: () => 'systemctl restart banspool-fleet, or check the program that copies the files',
  unreadable: () => 'give the owner of the state permission to read it',
  'beyond-limits': (peer) =>
    `raise the limits of ${peer} in policy.yaml, or ask its operator to publish less`,
};

/** The fix of a trouble. */
export function mendOfTrouble({ code }: PeerTrouble, peer: string): string {
  return MENDS[code](peer);
}

/** The fix for a silent peer. */
export function mendOfSilence(peer: string): string {
  return `run banspool doctor on ${peer}; if ${peer} is lost, run banspool peers remove ${peer}`;
}

/** `fw2: peer.yaml is not signed with the key that policy.yaml has for it`. */
export function troubleText(trouble: PeerTrouble): string {
  return wordsFor(TROUBLES, trouble);
}

/** True if the last publication is older than three heartbeats. */
export function isSilent(published: number, now: number): boolean {
  return now - published > SILENT_MS;
}

/** The problems of all peers. */
export function peerProblems(
  peers: readonly Peer[],
  { folder, now }: { readonly folder: string; readonly now: number },
): readonly Problem[] {
  return peers.flatMap(({ peer, published, trouble }): readonly Problem[] => {
    const place = `${folder}/in/${peer}`;
    if (trouble?.code === 'missing')
      return [
        {
          condition: 'PeersHeard',
          reason: 'NothingThere',
          message: `${place}: ${peer} ${troubleText(trouble)}; fix: ${mendOfTrouble(trouble, peer)}`,
        },
      ];
    const silent: Problem[] = [];
    if (published !== undefined && isSilent(published, now)) {
      const minutes = Math.round((now - published) / 60_000);
      const message = `${peer} last published ${minutes} min ago by its clock; its bans stay until they end; fix: ${mendOfSilence(peer)}`;
      silent.push({ condition: 'PeersHeard', reason: 'Silent', message });
    }
    if (trouble === undefined) return silent;
    const message = `${place}: ${troubleText(trouble)}; banspool keeps what it took in before; fix: ${mendOfTrouble(trouble, peer)}`;
    return [...silent, { condition: 'PeersTrusted', reason: REASONS[trouble.code], message }];
  });
}

/** The reason of the condition that the trouble makes false. */
export function reasonOf({ code }: PeerTrouble): string {
  return code === 'missing' ? 'NothingThere' : REASONS[code];
}

const REASONS = {
  'bad-signature': 'BadSignature',
  damaged: 'Damaged',
  'own-name': 'OwnName',
  'other-name': 'OtherName',
  replayed: 'Replayed',
  incomplete: 'Incomplete',
  unreadable: 'Unreadable',
  'beyond-limits': 'BeyondLimits',
} as const;
