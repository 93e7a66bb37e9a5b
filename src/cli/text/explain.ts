/** Why a change of the firewall is planned: which claim or policy line wants it, or that nothing does. */
import { jailNameOf, jailNamesOf } from '../../desired/jail-name.ts';
import { chainOf, denyChain, isOfList, listChain } from '../../firewall/chain.ts';
import type { Line } from '../../firewall/change.ts';
import type { Spelling } from '../../firewall/dataplane-kind.ts';
import { originOf } from '../../domain/origin.ts';
import { printable } from '../../domain/printable.ts';
import type { Net } from '../../domain/net.ts';
import { aggregateOf, droppedFor, type DroppedClaim } from '../../policy/dropped-claim.ts';
import type { Judgement } from '../../policy/judge.ts';
import type { Policy } from '../../policy/policy.ts';
import { allowedByText, whyIgnoredText, type AllowedBy, type WhyIgnored } from '../../policy/why-ignored.ts';
import { byBeginning, type LiveClaim } from '../../claims/live.ts';
import type { ClaimChange, Ended } from '../../claims/diff.ts';
import { changeText, detailTexts } from '../../ledger/commit-message.ts';
import { countText, untilText, type Zone } from '../../domain/words.ts';

/** Why something is wanted, or no longer. */
export type Reason =
  /** By this claim, which was made first, and by so many others. */
  | { readonly code: 'claimed'; readonly claim: DroppedClaim; readonly others: number }
  | { readonly code: 'denied'; readonly line: number; readonly note: string | undefined }
  /** Let by inside a wider ban. */
  | { readonly code: 'allowed'; readonly by: AllowedBy }
  /** Part of how chains are built. */
  | { readonly code: 'structure'; readonly purpose: string }
  | { readonly code: 'ignored'; readonly why: WhyIgnored }
  | { readonly code: 'ended'; readonly change: Ended }
  | { readonly code: 'listed' | 'unlisted'; readonly list: string }
  | { readonly code: 'unclaimed' };

export interface Reasons {
  /** Why the rule should stand in the chain; undefined when nothing wants it. */
  readonly forRule: (chain: string, rule: Line) => Reason | undefined;
  /** Why what was printed as this is no longer wanted. */
  readonly againstRule: (chain: string, printed: string) => Reason;
  /** The same of a member of a set. */
  readonly forMember: (set: string, member: string) => Reason | undefined;
  readonly againstMember: (set: string, member: string) => Reason;
  /** Whether the chain is that of a list, of which the first few rules tell enough. */
  readonly isOfList: (chain: string) => boolean;
}

interface ReasonsOptions {
  readonly inputs: {
    readonly policy: Pick<Policy, 'aggregate6'>;
    readonly lists: readonly { readonly name: string }[];
  };
  readonly judgement: Judgement;
  readonly claimChanges: readonly ClaimChange[];
  readonly prefix: string;
  readonly spelling: Spelling;
}

/** Looks the reasons up by rule. */
export function reasonsOf({ inputs, judgement, claimChanges, prefix, spelling }: ReasonsOptions): Reasons {
  const { aggregate6 } = inputs.policy;
  const lists = new Map(inputs.lists.map(({ name }) => [listChain(name, prefix), name]));
  const wanted = new Map<string, Reason>();
  const unwanted = new Map<string, Reason>();
  const want = (chain: string, net: Net, reason: Reason): void => {
    for (const text of spelling.dropping(net)) {
      const key = `${chain} ${text}`;
      const known = wanted.get(key);
      wanted.set(key, known === undefined ? reason : together(known, reason));
    }
  };
  const lift = (chain: string, ip: Net, reason: Reason): void => {
    for (const net of [aggregateOf(ip, aggregate6) ?? ip, ip])
      for (const text of spelling.dropping(net)) unwanted.set(`${chain} ${text}`, reason);
  };
  for (const claim of judgement.enforced)
    want(chainOf(jailNameOf(claim), prefix), droppedFor(claim), { code: 'claimed', claim, others: 0 });
  for (const { net, note, line } of judgement.deny)
    want(denyChain(prefix), net, { code: 'denied', line, note });
  for (const { claim, why } of judgement.ignored)
    for (const name of jailNamesOf(claim)) lift(chainOf(name, prefix), claim.ip, { code: 'ignored', why });
  for (const change of claimChanges)
    if (change.kind === 'ended')
      for (const name of jailNamesOf(change))
        lift(chainOf(name, prefix), change.ip, { code: 'ended', change });
  const allows = new Map(judgement.allowed.map(({ net, by }) => [spelling.letting(net), by]));
  const wantedBy = (chain: string, text: string): Reason | undefined => {
    const list = lists.get(chain);
    return list === undefined ? wanted.get(`${chain} ${text}`) : { code: 'listed', list };
  };
  const againstRule = (chain: string, printed: string): Reason => {
    const list = lists.get(chain);
    if (list !== undefined && !allows.has(printed)) return { code: 'unlisted', list };
    return unwanted.get(`${chain} ${printed}`) ?? { code: 'unclaimed' };
  };
  return {
    isOfList: (chain) => isOfList(chain, prefix),
    forRule: (chain, rule) => {
      const purpose = spelling.purpose(rule);
      if (purpose !== undefined) return { code: 'structure', purpose };
      const by = allows.get(rule.text);
      return by === undefined ? wantedBy(chain, rule.text) : { code: 'allowed', by };
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

/** Two for the same rule: the claim that began first, with how many there are beside it. */
function together(known: Reason, other: Reason): Reason {
  if (known.code !== 'claimed' || other.code !== 'claimed') return known;
  const first = byBeginning(known.claim, other.claim) <= 0 ? known : other;
  return { ...first, others: known.others + 1 };
}

/** In one line, without what a terminal obeys. */
export function reasonText(reason: Reason, zone: Zone): string {
  return printable(wordsOf(reason, zone));
}

function wordsOf(reason: Reason, zone: Zone): string {
  switch (reason.code) {
    case 'claimed': {
      const { claim, others } = reason;
      const more = others === 0 ? '' : `, and ${countText(others, 'more claim')}`;
      return `${claimText(claim, zone, claim.dropped && claim.ip.text)}${more}`;
    }
    case 'denied':
      return `policy.yaml line ${reason.line} denies it${reason.note === undefined ? '' : ` (${reason.note})`}`;
    case 'allowed':
      return `allowed inside a wider ban: ${allowedByText(reason.by)}`;
    case 'structure':
      return reason.purpose;
    case 'ignored':
      return whyIgnoredText(reason.why);
    case 'ended':
      return changeText(reason.change, zone);
    case 'listed':
      return `in the list ${reason.list}`;
    case 'unlisted':
      return `no longer in the list ${reason.list}`;
    case 'unclaimed':
      return 'not claimed, or in the wrong place';
  }
}

/** `web1 claims it until …, 5 failures`, `the rule two bans it until …`; `what` where it has to be named. */
export function claimText(claim: LiveClaim, zone: Zone, what = 'it'): string {
  const { server, jail, until } = claim;
  const says = originOf(server).kind === 'escalation' ? `the rule ${jail} bans` : `${server} claims`;
  return [`${says} ${what} ${untilText(until, zone)}`, ...detailTexts(claim, zone)].join(', ');
}
