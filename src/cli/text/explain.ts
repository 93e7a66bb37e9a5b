/** Why a change of the firewall is planned: which claim or policy line wants it, or that nothing does. */
import { chainOf, denyChain } from '../../firewall/chain.ts';
import type { Line } from '../../firewall/change.ts';
import type { Spelling } from '../../firewall/dataplane-kind.ts';
import type { Net } from '../../domain/net.ts';
import type { Judgement } from '../../policy/judge.ts';
import { allowedByText, whyIgnoredText } from '../../policy/why-ignored.ts';
import type { LiveClaim } from '../../claims/live.ts';
import type { ClaimChange } from '../../claims/diff.ts';
import { changeText, detailTexts } from '../../ledger/commit-message.ts';
import { countText, untilText, type Zone } from '../../domain/words.ts';

export interface Reasons {
  /** Why the rule should stand in the chain; undefined when nothing wants it. */
  readonly forRule: (chain: string, rule: Line) => string | undefined;
  /** Why what was printed as this is no longer wanted. */
  readonly againstRule: (chain: string, printed: string) => string;
  /** The same of a member of a set. */
  readonly forMember: (set: string, member: string) => string | undefined;
  readonly againstMember: (set: string, member: string) => string;
}

interface ReasonsOptions {
  readonly judgement: Judgement;
  readonly claimChanges: readonly ClaimChange[];
  readonly prefix: string;
  readonly spelling: Spelling;
  readonly zone: Zone;
}

/** Looks the reasons up by rule. */
export function reasonsOf({ judgement, claimChanges, prefix, spelling, zone }: ReasonsOptions): Reasons {
  const wanted = new Map<string, string[]>();
  const unwanted = new Map<string, string>();
  const want = (chain: string, net: Net, reason: string): void => {
    for (const text of spelling.dropping(net)) {
      const key = `${chain} ${text}`;
      wanted.set(key, [...(wanted.get(key) ?? []), reason]);
    }
  };
  const lift = (chain: string, net: Net, reason: string): void => {
    for (const text of spelling.dropping(net)) unwanted.set(`${chain} ${text}`, reason);
  };
  for (const claim of judgement.enforced) want(chainOf(claim.jail, prefix), claim.ip, claimText(claim, zone));
  for (const { net, note, line } of judgement.deny) {
    const reason = `policy.yaml line ${line} denies it${note === undefined ? '' : ` (${note})`}`;
    want(denyChain(prefix), net, reason);
  }
  for (const { claim, why } of judgement.ignored)
    lift(chainOf(claim.jail, prefix), claim.ip, whyIgnoredText(why));
  for (const change of claimChanges)
    if (change.kind === 'ended') lift(chainOf(change.jail, prefix), change.ip, changeText(change, zone));
  const allows = new Map(judgement.allowed.map(({ net, by }) => [spelling.letting(net), allowedByText(by)]));
  const wantedBy = (chain: string, text: string): string | undefined => {
    const [first, ...others] = wanted.get(`${chain} ${text}`) ?? [];
    if (first === undefined || others.length === 0) return first;
    return `${first}, and ${countText(others.length, 'more claim')}`;
  };
  const againstRule = (chain: string, printed: string): string =>
    unwanted.get(`${chain} ${printed}`) ?? 'not claimed, or in the wrong place';
  return {
    forRule: (chain, rule) => {
      const purpose = spelling.purpose(rule);
      if (purpose !== undefined) return purpose;
      const allow = allows.get(rule.text);
      return allow === undefined ? wantedBy(chain, rule.text) : `allowed inside a wider ban: ${allow}`;
    },
    againstRule,
    forMember: (set, text) => {
      const { chain, rule } = spelling.member(set, text);
      return wantedBy(chain, rule);
    },
    againstMember: (set, text) => {
      const { chain, rule } = spelling.member(set, text);
      return againstRule(chain, rule);
    },
  };
}

/** `web1 claims it until …, 5 failures`. */
export function claimText(claim: LiveClaim, zone: Zone): string {
  const { server, until } = claim;
  return [`${server} claims it ${untilText(until, zone)}`, ...detailTexts(claim, zone)].join(', ');
}
