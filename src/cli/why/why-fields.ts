/** What `why` found, in fields for programs, and beside them its words in UTC. */
import { claimantBehind, EVERY_JAIL } from '../../domain/names.ts';
import type { Net } from '../../domain/net.ts';
import { UTC } from '../../domain/words.ts';
import type { LiveClaim } from '../../claims/live.ts';
import type { Sighting } from '../../escalation/count-sightings.ts';
import type { StandingRule } from '../../firewall/dataplane.ts';
import type { RefusedLine } from '../../fleet/find-refused.ts';
import { droppedFor } from '../../policy/dropped-claim.ts';
import type { AllowedNet } from '../../policy/judge.ts';
import type { PolicyNet } from '../../policy/policy.ts';
import { whyIgnoredText } from '../../policy/why-ignored.ts';
import { isoTime } from '../../yaml/time.ts';
import { codedJson } from '../text/coded-json.ts';
import type { Inside } from './sum-inside.ts';
import type { WhyAnswer, WhyClaim, WhyList, WhyUnban } from './why-answer.ts';
import {
  whyAllowedText,
  whyClaimText,
  whyCountedText,
  whyDeniedText,
  whyListText,
  whyRefusedText,
  whyRuleText,
  whyUnbanText,
} from './why-lines.ts';

type Fields = Readonly<Record<string, unknown>>;

/** As `why --json` has it. */
export function whyFields(answer: WhyAnswer): Fields {
  const { ip, mode, verdict, wanted, traffic, allowed, denied, unreadable, inside } = answer;
  return {
    ...{ ip: ip.text, mode, verdict, wanted, traffic },
    inside: inside === undefined ? null : insideFields(inside),
    claims: answer.claims.map(claimFields),
    unbans: answer.unbans.map(unbanFields),
    refused: answer.refused.map(refusedFields),
    policy: [...allowed.map(allowedFields), ...denied.map(deniedFields)],
    lists: answer.lists.map((list) => listFields(list, ip)),
    rules: answer.rules.map(ruleFields),
    unreadable: unreadable.map(({ family, reason }) => ({ family, text: reason })),
  };
}

/** `net: null`: only of what is inside it, `inside` networks are listed. */
function listFields(list: WhyList, ip: Net): Fields {
  const { name, note = null, net, inside } = list;
  return { list: name, note, net: net?.text ?? null, inside, text: whyListText(list, ip) };
}

function claimFields(why: WhyClaim): Fields {
  const { claim, ignored } = why;
  return {
    ...namedFields(claim),
    ...{ ports: claim.ports, protocol: claim.protocols },
    dropped: ignored === undefined ? droppedFor(claim).text : null,
    ignored: ignored === undefined ? null : codedJson(ignored, whyIgnoredText(ignored)),
    counted: why.counted.map(countedFields),
    text: whyClaimText(why, UTC),
  };
}

function countedFields(counted: Sighting): Fields {
  const { ip, server, jail, since, end } = counted;
  const text = whyCountedText(counted, UTC);
  return { ip, server, jail, since: isoTime(since), until: endTime(end), text };
}

function namedFields({ ip, server, jail, since, until, details }: LiveClaim): Fields {
  const { failures = null, reason = null, ifConfirmed } = details ?? {};
  return {
    ...{ ip: ip.text, server, jail, since: isoTime(since), until: endTime(until), failures, reason },
    ...(ifConfirmed !== undefined && { untilIfConfirmed: endTime(ifConfirmed) }),
  };
}

/** `jail: null` is every jail; `of` is the server whose claims alone it lifts. */
function jailFields(name: string): Fields {
  const [jail, of = null] = name.split('@');
  return { jail: jail === EVERY_JAIL ? null : jail, of };
}

function unbanFields(unban: WhyUnban): Fields {
  const { ip, server, jail, at } = unban;
  return { ip: ip.text, server, ...jailFields(jail), at: isoTime(at), text: whyUnbanText(unban, UTC) };
}

function refusedFields(refused: RefusedLine): Fields {
  const { peer, line, by } = refused;
  const { ip, server, jail, bans, unbanned } = line;
  const last = bans.at(-1);
  return {
    ...{ ip: ip.text, server: claimantBehind(peer, server), ...jailFields(jail), peer, code: by },
    kind: last === undefined ? 'unban' : 'claim',
    until: last === undefined ? null : endTime(last.until),
    at: last === undefined && unbanned !== undefined ? isoTime(unbanned) : null,
    text: whyRefusedText(refused, UTC),
  };
}

function allowedFields(allowed: AllowedNet): Fields {
  const { net, by } = allowed;
  return { kind: 'allow', net: net.text, ...codedJson(by, whyAllowedText(allowed)) };
}

function deniedFields(denied: PolicyNet): Fields {
  const { net, line, note = null, until } = denied;
  const own = { code: 'policy', line, note, until: endTime(until) };
  return { kind: 'deny', net: net.text, ...own, text: whyDeniedText(denied) };
}

function ruleFields(rule: StandingRule): Fields {
  return { ...rule, text: whyRuleText(rule) };
}

function insideFields({ newest, ...counts }: Inside): Fields {
  return { ...counts, newest: newest.map(({ claim }) => namedFields(claim)) };
}

/** Null: until unbanned. */
function endTime(time: number): string | null {
  return time === Infinity ? null : isoTime(time);
}
