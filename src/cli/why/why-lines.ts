/** What `why` found, in lines for people: of each kind, without what a terminal obeys. */
import { claimantBehind, claimantWords, liftWords } from '../../domain/names.ts';
import { contains, type Net } from '../../domain/net.ts';
import { printable } from '../../domain/printable.ts';
import { countText, numberText, portsText, timeText, untilText, type Zone } from '../../domain/words.ts';
import type { Sighting } from '../../escalation/count-sightings.ts';
import type { StandingRule } from '../../firewall/dataplane.ts';
import type { RefusedLine } from '../../fleet/find-refused.ts';
import type { AllowedNet } from '../../policy/judge.ts';
import type { PolicyNet } from '../../policy/policy.ts';
import { allowedByText, whyIgnoredText } from '../../policy/why-ignored.ts';
import { claimText } from '../text/explain.ts';
import { lengthText } from '../text/history-text.ts';
import type { Inside } from './sum-inside.ts';
import { nameWithNote } from '../../sources/lists/list-view.ts';
import type { WhyAnswer, WhyClaim, WhyList, WhyUnban } from './why-answer.ts';

/** Titles, each with its lines; those without any are left out. */
export function whyLines(answer: WhyAnswer, zone: Zone): readonly (readonly [string, readonly string[]])[] {
  const { unbans, refused, allowed, denied, lists, rules, unreadable, inside } = answer;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['inside', inside === undefined ? [] : insideLines(inside, zone)],
    [
      'claims',
      [
        ...claimLines(answer, zone),
        ...unbans.map((each) => whyUnbanText(each, zone)),
        ...refused.map((each) => whyRefusedText(each, zone)),
      ],
    ],
    [
      'policy',
      [
        ...allowed.map(whyAllowedText),
        ...denied.map(whyDeniedText),
        ...lists.map((list) => whyListText(list, answer.ip)),
      ],
    ],
    ['rules', rules.map(whyRuleText)],
    ['not read', unreadable.map(({ family, reason }) => `${family}: ${reason}`)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, lines.map(printable)] as const);
}

/** Names that are told of servers and of jails; the others are counted. */
const MOST_NAMES = 5;

function insideLines({ addresses, bans, claims, ignored, ...by }: Inside, zone: Zone): readonly string[] {
  if (claims + ignored === 0) return ['no bans'];
  const names = (counts: Inside['servers']): string => {
    const shown = counts
      .slice(0, MOST_NAMES)
      .map(({ name, claims: count }) => `${name} ${numberText(count)}`);
    const more = counts.length - shown.length;
    return [...shown, ...(more > 0 ? [`${numberText(more)} more`] : [])].join(', ');
  };
  const parts = [
    `${countText(addresses, 'address', 'addresses')} banned`,
    countText(bans, 'ban'),
    countText(claims, 'claim'),
    ...(ignored > 0 ? [`${countText(ignored, 'claim')} not enforced`] : []),
  ];
  if (claims === 0) return [parts.join(', ')];
  return [
    parts.join(', '),
    `claims by server: ${names(by.servers)}`,
    `claims by jail: ${names(by.jails)}`,
    claims > by.newest.length ? `the newest ${by.newest.length}:` : 'the newest:',
    ...by.newest.map(({ claim }) => `  ${timeText(claim.since, zone)}  ${newestText(claim)}`),
  ];
}

function newestText(claim: WhyClaim['claim']): string {
  const { ip, jail, server } = claim;
  return `${ip.text} in ${jail} by ${server} ${lengthText(claim)}`;
}

/** Claims on other addresses, for which its network is dropped: of more only their number is told. */
const MOST_NEIGHBOURS = 10;

function claimLines({ ip, claims }: WhyAnswer, zone: Zone): readonly string[] {
  const own = claims.filter(({ claim }) => contains(claim.ip, ip));
  const neighbours = claims.filter((each) => !own.includes(each));
  const more = neighbours.length - MOST_NEIGHBOURS;
  return [
    ...[...own, ...neighbours.slice(0, MOST_NEIGHBOURS)].flatMap((each) => [
      whyClaimText(each, zone),
      ...countedLines(each, zone),
    ]),
    ...(more > 0
      ? [`and ${countText(more, 'more claim')} on its neighbours: banspool list ${ip.text} shows all`]
      : []),
  ];
}

/** Bans that a rule counted: of more only the last ones are told. */
const MOST_COUNTED = 10;

function countedLines({ counted }: WhyClaim, zone: Zone): readonly string[] {
  const shown = counted.slice(-MOST_COUNTED);
  const before = counted.length - shown.length;
  return [
    ...(before > 0 ? [`  counted: ${countText(before, 'earlier ban')}, and`] : []),
    ...shown.map((each) => `  counted: ${whyCountedText(each, zone)}`),
  ];
}

/** `web1 banned 203.0.113.7 in sshd at …, until …`. */
export function whyCountedText({ ip, server, jail, since, end }: Sighting, zone: Zone): string {
  return `${server} banned ${ip} in ${jail} at ${timeText(since, zone)}, ${untilText(end, zone)}`;
}

/** `203.0.113.7 in sshd (22/tcp): web1 claims it until …, since …`. */
export function whyClaimText({ claim, ignored }: WhyClaim, zone: Zone): string {
  const scope = portsText(claim.protocols, claim.ports);
  const { dropped } = claim;
  const wider = dropped === undefined ? '' : `; enforced as ${dropped.text}`;
  const note = ignored === undefined ? wider : `; not enforced: ${whyIgnoredText(ignored)}`;
  return `${claim.ip.text} in ${claim.jail} (${scope}): ${claimText(claim, zone)}, since ${timeText(claim.since, zone)}${note}`;
}

/** `203.0.113.7 in every jail: local unbanned it at …`. */
export function whyUnbanText({ ip, jail, server, at }: WhyUnban, zone: Zone): string {
  return `${ip.text} in ${liftWords(jail)}: ${claimantWords(server)} unbanned it at ${timeText(at, zone)}; older bans do not count`;
}

/** `…; not accepted: beyond claims: 1, a limit of the peer fw2 in policy.yaml`. */
export function whyRefusedText(refused: RefusedLine, zone: Zone): string {
  const { peer, line, limit } = refused;
  const { ip, jail, server, bans, unbanned } = line;
  const claimant = claimantBehind(peer, server);
  const said =
    bans.length > 0
      ? `${claimant} claims it ${untilText(bans.at(-1)?.until ?? 0, zone)}`
      : `${claimantWords(claimant)} unbanned it at ${timeText(unbanned ?? 0, zone)}`;
  return `${ip.text} in ${liftWords(jail)}: ${said}; not accepted: ${limit}, a limit of the peer ${peer} in policy.yaml`;
}

/** `192.0.2.0/24 is never dropped: policy.yaml line 2 (office)`. */
export function whyAllowedText({ net, by }: AllowedNet): string {
  return `${net.text} is never dropped: ${allowedByText(by)}`;
}

/** `198.51.100.0/24 is always dropped: policy.yaml line 4 (abuse desk gone)`. */
export function whyDeniedText({ net, line, note }: PolicyNet): string {
  return `${net.text} is always dropped: policy.yaml line ${line}${note === undefined ? '' : ` (${note})`}`;
}

/** `203.0.113.0/24 is in the list drop (Spamhaus)`. */
export function whyListText({ name, note, net, inside }: WhyList, ip: Net): string {
  const list = `the list ${nameWithNote({ name, note })}`;
  if (net !== undefined) return `${net.text} is in ${list}`;
  return `${countText(inside, 'network')} inside ${ip.text} ${inside === 1 ? 'is' : 'are'} in ${list}`;
}

/** `-A fail2ban-x -s 192.0.2.7/32 -j DROP  (7 packets, 420 bytes)`, `192.0.2.7 in the set x  (1 packet, 60 bytes)`. */
export function whyRuleText(rule: StandingRule): string {
  const { packets, bytes } = rule;
  const drops =
    packets === null ? '' : `  (${countText(packets, 'packet')}, ${countText(bytes ?? 0, 'byte')})`;
  if (rule.kind === 'member') return `${rule.member} in the set ${rule.set}${drops}`;
  return `-A ${rule.chain} ${rule.rule}${drops}`;
}
