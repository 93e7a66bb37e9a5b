/** Why a claim is not enforced, and why a net is never dropped: as values, with their words in one table each. */
import { wordsFor, type Coded } from '../domain/coded.ts';
import { peerOf } from '../domain/names.ts';
import type { Net } from '../domain/net.ts';

const WHY_IGNORED = {
  allowed: ({ net, by }: { readonly net: Net; readonly by: AllowedBy }) =>
    `inside ${net.text}, which is allowed: ${allowedByText(by)}`,
  'too-wide': ({ widest, server }: { readonly widest: number; readonly server: string }) =>
    `wider than /${widest}, the limit of ${limited(server)} in policy.yaml`,
  'jail-not-listed': ({ server, jail, jails }: JailNotListed) =>
    `policy.yaml does not allow ${limited(server)} to use the jail ${jail} (jails: ${jails.join(', ') || 'none'})`,
  'no-peer': ({ peer }: { readonly peer: string }) => `policy.yaml does not name the peer ${peer}`,
  'no-rule': ({ rule }: { readonly rule: string }) => `policy.yaml has no rule of escalation named ${rule}`,
  'too-long': ({ server }: { readonly server: string }) =>
    `longer than the longest ban that policy.yaml allows ${limited(server)}`,
};

interface JailNotListed {
  readonly server: string;
  readonly jail: string;
  /** Those that are listed. */
  readonly jails: readonly string[];
}

/** Whose limits they are: all servers behind a peer have those of the peer. */
function limited(server: string): string {
  const peer = peerOf(server);
  return peer === undefined ? server : `the peer ${peer}`;
}

const ALLOWED_BY = {
  policy: ({ line, note }: { readonly line: number; readonly note: string | undefined }) =>
    `policy.yaml line ${line}${note === undefined ? '' : ` (${note})`}`,
  loopback: () => 'loopback',
  'own-address': () => "the firewall's own address",
};

export type WhyIgnored = Coded<typeof WHY_IGNORED>;

export type AllowedBy = Coded<typeof ALLOWED_BY>;

/** `inside 192.0.2.0/24, which is allowed: policy.yaml line 3 (office)`. */
export function whyIgnoredText(why: WhyIgnored): string {
  return wordsFor(WHY_IGNORED, why);
}

/** `policy.yaml line 3 (office)`, `the firewall's own address`. */
export function allowedByText(by: AllowedBy): string {
  return wordsFor(ALLOWED_BY, by);
}
