/** Why a change of the firewall is planned: which claim or policy line wants it, or that nothing does. */
import { NEIGHBOUR_RULES } from '../../firewall/iptables/rules/neighbour.ts';
import { allowRule, RETURN_RULE, verdictRule, type Rule } from '../../firewall/iptables/rules/rule.ts';
import { chainOf, denyChain } from '../../firewall/iptables/rules/chain.ts';
import { chainOfSet, familyOfSet } from '../../firewall/iptables/rules/set.ts';
import type { Judgement } from '../../policy/judge.ts';
import { allowedByText, whyIgnoredText } from '../../policy/why-ignored.ts';
import type { LiveClaim } from '../../claims/live.ts';
import type { ClaimChange } from '../../claims/diff.ts';
import { changeText } from '../../ledger/commit-message.ts';
import { countText, untilText } from '../../domain/words.ts';

export interface Reasons {
  /** Why the rule should stand in the chain; undefined when nothing wants it. */
  readonly forRule: (chain: string, rule: Rule) => string | undefined;
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
}

/** Looks the reasons up by rule. */
export function reasonsOf({ judgement, claimChanges, prefix }: ReasonsOptions): Reasons {
  const wanted = new Map<string, string[]>();
  const unwanted = new Map<string, string>();
  const add = (chain: string, rule: Rule, reason: string): void => {
    const key = `${chain} ${rule.text}`;
    const reasons = wanted.get(key) ?? [];
    wanted.set(key, [...reasons, reason]);
  };
  for (const claim of judgement.enforced) {
    for (const verdict of VERDICTS)
      add(chainOf(claim.jail, prefix), verdictRule(claim.ip, verdict), claimText(claim));
  }
  for (const { net, note, line } of judgement.deny) {
    const reason = `policy.yaml line ${line} denies it${note === undefined ? '' : ` (${note})`}`;
    for (const verdict of VERDICTS) add(denyChain(prefix), verdictRule(net, verdict), reason);
  }
  for (const { claim, why } of judgement.ignored) {
    for (const verdict of VERDICTS)
      unwanted.set(
        `${chainOf(claim.jail, prefix)} ${verdictRule(claim.ip, verdict).text}`,
        whyIgnoredText(why),
      );
  }
  for (const change of claimChanges) {
    if (change.kind !== 'ended') continue;
    for (const verdict of VERDICTS) {
      unwanted.set(
        `${chainOf(change.jail, prefix)} ${verdictRule(change.ip, verdict).text}`,
        changeText(change),
      );
    }
  }
  const asRule = (set: string, text: string): Rule => verdictRule({ family: familyOfSet(set), text }, 'DROP');
  const allows = new Map(judgement.allowed.map(({ net, by }) => [allowRule(net).text, allowedByText(by)]));
  const reasons: Pick<Reasons, 'forRule' | 'againstRule'> = {
    forRule: (chain, rule) => {
      if (rule.match === 'set') return 'all bans of the chain, in one set';
      if (rule.text === RETURN_RULE.text) return 'the end of each chain';
      if (NEIGHBOUR_RULES.some(({ text }) => text === rule.text))
        return 'neighbour discovery, without which IPv6 ends';
      const allow = allows.get(rule.text);
      if (allow !== undefined) return `allowed inside a wider ban: ${allow}`;
      const [first, ...others] = wanted.get(`${chain} ${rule.text}`) ?? [];
      if (first !== undefined) {
        return others.length === 0 ? first : `${first}, and ${countText(others.length, 'more claim')}`;
      }
      return rule.match === 'source' ? undefined : 'the jump to the chain, at the top';
    },
    againstRule: (chain, printed) =>
      unwanted.get(`${chain} ${printed}`) ?? 'nothing claims it, or it is out of place',
  };
  return {
    ...reasons,
    forMember: (set, text) => reasons.forRule(chainOfSet(set), asRule(set, text)),
    againstMember: (set, text) => reasons.againstRule(chainOfSet(set), asRule(set, text).text),
  };
}

const VERDICTS = ['DROP', 'REJECT'] as const;

/** `web1 claims it until …, 5 failures`. */
export function claimText({ server, until, details }: LiveClaim): string {
  const { failures, reason, ifConfirmed } = details ?? {};
  const extras = [
    ...(failures !== undefined && failures > 0 ? [countText(failures, 'failure')] : []),
    ...(reason === undefined ? [] : [reason]),
    ...(ifConfirmed === undefined ? [] : [`${untilText(ifConfirmed)} once confirmed`]),
  ];
  return [`${server} claims it ${untilText(until)}`, ...extras].join(', ');
}
