/** What each server may claim at all, held against an intent before it is folded. */
import type { Intent, SnapshotIntent } from '../intent/intent.ts';
import { OPERATOR } from '../names/names.ts';
import type { Net } from '../net/net.ts';
import type { Limits, Policy } from './policy.ts';

/** Jails of one server: each is a chain and at least two jumps that every packet passes. */
export const MAX_JAILS = 100;

/** Operators are trusted with wider networks, but not with half of the Internet by a slip. */
const OPERATOR_LIMITS: Limits = {
  claims: 1_000_000,
  prefix4: 8,
  prefix6: 16,
  bantime: Infinity,
  jails: undefined,
};

/** What a server has already. */
export interface Holdings {
  readonly claims: number;
  /** Unbans that are remembered: they take room too, and a server can send any number. */
  readonly tombstones: number;
  readonly jails: ReadonlyMap<string, JailHoldings>;
  readonly has: (jail: string, ip: Net) => boolean;
}

/** What a server has in one jail. */
export interface JailHoldings {
  readonly claims: number;
  /** When the newest ban or snapshot of it was heard; -Infinity when none was. */
  readonly newest: number;
}

/** The limits of one server; the operator has his own unless the policy names him. */
export function limitsOf(server: string, policy: Policy): Limits {
  return policy.servers.get(server) ?? (server === OPERATOR ? OPERATOR_LIMITS : policy.defaults);
}

export interface Bounds {
  readonly policy: Policy;
  readonly holdings: Holdings;
}

/** Why the intent goes beyond what the server may say; undefined when it does not. */
export function reasonToRefuse(
  intent: Intent,
  server: string,
  { policy, holdings }: Bounds,
): string | undefined {
  const limits = limitsOf(server, policy);
  const { jail } = intent;
  if (intent.intent === 'unban') {
    if (holdings.has(jail, intent.ip) || holdings.tombstones < limits.claims) return undefined;
    return `${server} claims nothing of ${intent.ip.text}, and ${limits.claims} such unbans are remembered already`;
  }
  if (limits.jails !== undefined && !limits.jails.includes(jail)) {
    return `jail: policy.yaml lets ${server} claim only for ${limits.jails.join(', ')}, not for "${jail}"`;
  }
  if (!holdings.jails.has(jail) && holdings.jails.size >= MAX_JAILS) {
    return `jail: ${server} has ${MAX_JAILS} jails already, and that is the limit`;
  }
  switch (intent.intent) {
    case 'ban':
    case 'prolong': {
      const more = holdings.has(jail, intent.ip) ? 0 : 1;
      return tooWide(intent.ip, limits, server) ?? tooMany(holdings.claims + more, limits, server);
    }
    case 'snapshot': {
      const wide = intent.bans
        .map(({ ip }) => tooWide(ip, limits, server))
        .find((reason) => reason !== undefined);
      return wide ?? tooManyListed(intent, server, { limits, holdings });
    }
    case 'start':
    case 'reload':
    case 'stop':
    case 'flush':
      return undefined;
  }
}

function tooWide(ip: Net, limits: Limits, server: string): string | undefined {
  const widest = ip.family === 'ipv4' ? limits.prefix4 : limits.prefix6;
  if (ip.prefix >= widest) return undefined;
  return `ip: ${ip.text} is wider than /${widest}, the limit of ${server}; policy.yaml can raise it (limits)`;
}

/**
 * A snapshot that is newer than all that was heard of its jail ends whatever it does not list. Of one that is not,
 * something stands beside what it lists: it is held to the sum, or it would be a way round the limit.
 */
function tooManyListed(
  { jail, time, bans }: SnapshotIntent,
  server: string,
  { limits, holdings }: { readonly limits: Limits; readonly holdings: Holdings },
): string | undefined {
  const more = bans.filter(({ ip }) => !holdings.has(jail, ip)).length;
  if (more === 0) return undefined;
  const { claims: ended = 0, newest = -Infinity } = holdings.jails.get(jail) ?? {};
  const isWhole = time > newest;
  return tooMany(holdings.claims + (isWhole ? bans.length - ended : more), limits, server);
}

function tooMany(claims: number, limits: Limits, server: string): string | undefined {
  if (claims <= limits.claims) return undefined;
  return `${server} would have ${claims} claims; its limit is ${limits.claims}; policy.yaml can raise it (limits)`;
}
