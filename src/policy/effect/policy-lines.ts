/** What a change of the policy does to what is claimed and denied, in lines for the log and for git. */
import type { Judgement } from '../judge.ts';
import type { LiveClaim } from '../../claims/live.ts';
import { whyIgnoredText } from '../why-ignored.ts';

/**
 * The same claims, as the old policy and the new one judge them: `policy: end 203.0.113.7 in sshd by web1: inside
 * …`.
 */
export function claimLines(before: Judgement, after: Judgement): readonly string[] {
  if (before.ignored.length === 0 && after.ignored.length === 0) return [];
  const was = new Set(before.enforced.map(keyOf));
  const ended = after.ignored
    .filter(({ claim }) => was.has(keyOf(claim)))
    .map(({ claim, why }) => `policy: end ${nameOf(claim)}: ${whyIgnoredText(why)}`);
  const begun = after.enforced
    .filter((claim) => !was.has(keyOf(claim)))
    .map((claim) => `policy: ban ${nameOf(claim)}: policy.yaml no longer refuses it`);
  return [...ended, ...begun];
}

/**
 * `policy: deny 198.51.100.0/24: policy.yaml line 3`, and what is denied no more. Nothing else has a turn meanwhile:
 * 20,000 nets, each held against each other one, would take a minute.
 */
export function denyLines(before: Judgement, after: Judgement): readonly string[] {
  const [was, is] = [deniedBy(before), deniedBy(after)];
  const begun = after.deny
    .filter(({ net }) => !was.has(net.text))
    .map(({ net, line }) => `policy: deny ${net.text}: policy.yaml line ${line}`);
  const ended = before.deny
    .filter(({ net }) => !is.has(net.text))
    .map(({ net }) => `policy: end ${net.text}: policy.yaml no longer denies it`);
  return [...begun, ...ended];
}

function deniedBy({ deny }: Judgement): ReadonlySet<string> {
  return new Set(deny.map(({ net }) => net.text));
}

function keyOf({ ip, server, jail }: LiveClaim): string {
  return `${ip.text} ${server} ${jail}`;
}

function nameOf({ ip, server, jail }: LiveClaim): string {
  return `${ip.text} in ${jail} by ${server}`;
}

/** What a line of those says. */
type PolicyLineTold =
  | {
      readonly effect: 'banned' | 'ended';
      readonly ip: string;
      readonly jail: string;
      readonly server: string;
    }
  | { readonly effect: 'denied' | 'no-longer-denied'; readonly ip: string }
  /** Effects that are only counted. */
  | { readonly effect: 'more'; readonly count: number };

/** Reads one, also as earlier versions wrote it; undefined for a line in no such form. */
export function readPolicyLine(line: string): PolicyLineTold | undefined {
  const more = /^policy: and ([\d,]+) more changes? of that kind$/.exec(line)?.[1];
  if (more !== undefined) return { effect: 'more', count: Number(more.replaceAll(',', '')) };
  const { groups } = LINE.exec(line) ?? {};
  const { verb, ip, jail, server } = groups ?? {};
  if (ip === undefined) return undefined;
  if (jail !== undefined && server !== undefined)
    return verb === 'deny' ? undefined : { effect: verb === 'ban' ? 'banned' : 'ended', ip, jail, server };
  if (verb === 'ban') return undefined;
  return { effect: verb === 'deny' ? 'denied' : 'no-longer-denied', ip };
}

const LINE =
  /^policy: (?<verb>ban|deny|end) (?<ip>[0-9a-f.:/]+)(?: in (?<jail>\S+) (?:by|for) (?<server>\S+))?: ./;
