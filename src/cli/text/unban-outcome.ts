/** What comes of an operator's unban: what it lifts, and what goes on dropping the address all the same. */
import type { UnbanIntent } from '../../intent/intent.ts';
import { EVERY_JAIL, liftName, liftNames } from '../../domain/names.ts';
import { originOf } from '../../domain/origin.ts';
import { contains, type Net } from '../../domain/net.ts';
import { droppedFor, type DroppedClaim } from '../../policy/dropped-claim.ts';
import type { Mode } from '../../config/mode.ts';
import type { Judgement } from '../../policy/judge.ts';
import type { LiveClaim } from '../../claims/live.ts';
import { claimText } from './explain.ts';
import { countText, type Zone } from '../../domain/words.ts';

interface UnbanContext {
  readonly before: Judgement;
  /** As it is, or will be, once the unban is carried out. */
  readonly after: Judgement;
  /** Where people write the policy. */
  readonly policyPath: string;
  readonly mode: Mode;
  readonly zone: Zone;
}

export interface UnbanOutcome {
  /** One sentence, without a full stop, on the claims that were meant. */
  readonly text: string;
  /** How many claims were meant. */
  readonly lifted: number;
  /** What still drops the address, or why nothing was lifted: empty when it did what it was to do. */
  readonly warnings: readonly string[];
  /** What helps then, each once. */
  readonly hints: readonly string[];
}

/** Tells what became, or will become, of the unban. */
export function unbanOutcome(unban: UnbanIntent, context: UnbanContext): UnbanOutcome {
  const { ip, jail, of } = unban;
  const meant = claimsOf(context.before).filter(isMeantBy(unban));
  const again = claimsOf(context.after).filter(isMeantBy(unban));
  const what = [ip.text, ...(jail === EVERY_JAIL ? [] : [`in ${jail}`]), ...(of ? [`by ${of}`] : [])].join(
    ' ',
  );
  const others = [...stillClaimed(unban, context), ...stillDenied(unban, context)];
  const warnings = others.map(({ warning }) => warning);
  const hints = others.map(({ hint }) => hint);
  const [first] = again;
  const lifted = meant.length;
  if (first !== undefined) {
    const text = `${first.ip.text} is claimed again in ${first.jail}: ${claimText(first, context.zone)}`;
    return { text, lifted, warnings: [text, ...warnings], hints: unique([...hints, whyHint(first.ip)]) };
  }
  if (lifted > 0)
    return {
      text: liftedText(unban, what, meant),
      lifted,
      warnings,
      hints: unique([...hints, ...anewHints(meant)]),
    };
  const text = unban.within === true ? `no claim inside ${what}` : `no claim on ${what}`;
  return {
    text,
    lifted,
    warnings: warnings.length > 0 ? warnings : [text],
    hints: unique(hints.length > 0 ? hints : nothingHints(unban, context)),
  };
}

function claimsOf({ enforced, ignored }: Judgement): readonly LiveClaim[] {
  return [...enforced, ...ignored.map(({ claim }) => claim)];
}

function isMeantBy({ ip, jail, of, within }: UnbanIntent): (claim: LiveClaim) => boolean {
  const name = liftName(jail, of);
  return (claim) =>
    (claim.ip.text === ip.text || (within === true && contains(ip, claim.ip))) &&
    liftNames(claim).includes(name);
}

function liftedText({ within }: UnbanIntent, what: string, meant: readonly LiveClaim[]): string {
  if (within !== true) return `all claims on ${what} lifted`;
  const addresses = new Set(meant.map(({ ip }) => ip.text)).size;
  return `${countText(meant.length, 'claim')} on ${countText(addresses, 'address', 'addresses')} inside ${what} lifted`;
}

const STILL_DROPPED = { enforce: 'is still dropped', observe: 'would still be dropped' } as const;

/** What rules of escalation banned. */
function anewHints(meant: readonly LiveClaim[]): readonly string[] {
  return meant
    .filter(({ server }) => originOf(server).kind === 'escalation')
    .map(({ jail }) => `the rule ${jail} of policy.yaml no longer counts bans that began before`);
}

interface Other {
  readonly warning: string;
  readonly hint: string;
}

/** By other jails, other servers, or a network around it; what an allowed network holds is dropped by none of them. */
function stillClaimed(unban: UnbanIntent, { after, policyPath, mode, zone }: UnbanContext): readonly Other[] {
  const { ip, within } = unban;
  if (isAllowed(ip, after)) return [];
  const isMeant = isMeantBy(unban);
  // Inside of it only what was not meant can be left.
  const left = after.enforced.filter((claim) => contains(droppedFor(claim), ip) && !isMeant(claim));
  const neighbours = left.filter((claim) => !contains(claim.ip, ip));
  const [one, another] = neighbours;
  const own = neighbours.length > 1 ? left.filter((claim) => contains(claim.ip, ip)) : left;
  const others = own.map((claim) => {
    const isWider = claim.ip.text !== ip.text;
    const around = isWider ? aroundText(claim, ip) : '';
    return {
      warning: `${claim.ip.text}${around} ${STILL_DROPPED[mode]} in ${claim.jail}: ${claimText(claim, zone)}`,
      hint: isWider
        ? `banspool unban ${claim.ip.text} lifts ${contains(claim.ip, ip) ? 'the ban of the network' : 'that ban'}; ${allowOnly(ip, policyPath)}`
        : `banspool unban ${ip.text}${within === true ? ' --within' : ''} lifts the claims of all servers in all jails`,
    };
  });
  if (one?.dropped === undefined || another === undefined) return others;
  const net = one.dropped.text;
  const count = new Set(neighbours.map((claim) => claim.ip.text)).size;
  return [
    ...others,
    {
      warning: `${net}, which contains ${ip.text}, ${STILL_DROPPED[mode]} for ${countText(count, 'other address', 'other addresses')} inside it`,
      hint: `banspool unban ${net} --within lifts all bans inside it; ${allowOnly(ip, policyPath)}`,
    },
  ];
}

function allowOnly(ip: Net, policyPath: string): string {
  return `a line ${entryOf(ip)} below allow: in ${policyPath} allows only this address`;
}

function aroundText({ ip: claimed, dropped }: DroppedClaim, ip: Net): string {
  if (contains(claimed, ip)) return `, which contains ${ip.text},`;
  return `, enforced as ${dropped?.text ?? claimed.text}, which contains ${ip.text},`;
}

function stillDenied(
  { ip, within }: UnbanIntent,
  { after, policyPath, mode }: UnbanContext,
): readonly Other[] {
  if (isAllowed(ip, after)) return [];
  return after.deny
    .filter(({ net }) => contains(net, ip) || (within === true && contains(ip, net)))
    .map(({ net, line }) => ({
      warning: `${net.text} ${STILL_DROPPED[mode]}: policy.yaml line ${line} denies it`,
      hint: `remove line ${line} from ${policyPath}${contains(net, ip) ? `, or add ${entryOf(ip)} below allow:` : ''}`,
    }));
}

/** The line as it stands in policy.yaml, to be copied: there the colons of IPv6 want quotes. */
function entryOf({ family, text }: Net): string {
  return `'  - { net: ${family === 'ipv6' ? `"${text}"` : text} }'`;
}

function isAllowed(ip: Net, { allowed }: Judgement): boolean {
  return allowed.some(({ net }) => contains(net, ip));
}

/** What was meant instead, perhaps. */
function nothingHints({ ip, within }: UnbanIntent, { before }: UnbanContext): readonly string[] {
  const inside = claimsOf(before).filter((claim) => contains(ip, claim.ip)).length;
  if (within !== true && inside > 0)
    return [`banspool unban ${ip.text} --within lifts the ${countText(inside, 'claim')} inside it`];
  return [`${whyHint(ip)}; banspool list shows all bans`];
}

function whyHint(ip: Net): string {
  return `banspool why ${ip.text} shows what matches it`;
}

function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)];
}
