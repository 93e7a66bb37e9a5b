/** What of a policy decides about an address: an entry of it, a rule of escalation, a limit. With its words. Pure. */
import { ESCALATION } from '../domain/names.ts';
import type { Net } from '../domain/net.ts';
import type { Label } from './verdicts.ts';

/** `always`: nobody has to write it. */
export type Rule =
  | { readonly kind: 'deny' | 'allow'; readonly net: Net; readonly note: string | undefined }
  | { readonly kind: 'escalate'; readonly name: string }
  | { readonly kind: 'limit'; readonly limit: string; readonly server: string }
  | { readonly kind: 'always'; readonly what: 'loopback' | 'own-address' };

/** Undefined for a claim that is simply enforced. */
export function ruleOf({ server, jail, why, denied }: Label): Rule | undefined {
  if (denied !== undefined) return { kind: 'deny', net: denied.net, note: denied.note };
  if (why === undefined) return server === ESCALATION ? { kind: 'escalate', name: jail } : undefined;
  if (why.code !== 'allowed') {
    const limit = LIMITS.get(why.code);
    return limit === undefined ? undefined : { kind: 'limit', limit, server };
  }
  const { net, by } = why;
  return by.code === 'policy' ? { kind: 'allow', net, note: by.note } : { kind: 'always', what: by.code };
}

/** By why a claim does not count: the key of policy.yaml that says so, where it is one that is there. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ['too-long', 'bantime'],
  ['too-wide', 'prefix'],
  ['jail-not-listed', 'jails'],
  ['no-peer', 'peers'],
]);

/** The same for the same rule, wherever it stands in a policy, and whatever its note says. */
export function ruleKey(rule: Rule): string {
  return ruleText(rule.kind === 'allow' || rule.kind === 'deny' ? { ...rule, note: undefined } : rule);
}

/** `deny 198.51.100.0/24 (abuse)`, `escalate seen-by-two`, `jails of web1`. The note is as people wrote it. */
export function ruleText(rule: Rule): string {
  switch (rule.kind) {
    case 'allow':
    case 'deny':
      return `${rule.kind} ${rule.net.text}${rule.note === undefined ? '' : ` (${rule.note})`}`;
    case 'escalate':
      return `escalate ${rule.name}`;
    case 'limit':
      return `${rule.limit} of ${rule.server}`;
    case 'always':
      return rule.what === 'loopback' ? 'loopback' : 'own addresses';
  }
}

/** True of a rule that bans; all others let in what is claimed. */
export function isBan({ kind }: Rule): boolean {
  return kind === 'deny' || kind === 'escalate';
}
