/**
 * Takes over what the article's scripts, or an earlier life of banspool, left on the firewall: bans without a record
 * of who made them.
 */
import type { BanIntent } from '../../../intent/intent.ts';
import { JAIL_NAME } from '../../../domain/names.ts';
import { denyChain, isOurs } from '../../chain.ts';
import { setOf } from '../rules/set.ts';
import { setLookedInto } from '../rules/strange-rule.ts';
import { contains, FULL_PREFIX, type Net } from '../../../domain/net.ts';
import { formatPorts, parsePorts, unionPorts, type Ports } from '../../../domain/ports.ts';
import { parseProtocols, protocolName } from '../../../domain/protocol.ts';
import { NO_SERVICES } from '../../../domain/services.ts';
import { readBanRule, type RuleTraffic } from './ban-rule.ts';
import { eachListedMember, type ListedMember } from './listed-members.ts';
import type { Observed, ObservedRule, OurRule } from './observe.ts';

/**
 * An unban may never come for them: the server that banned may have forgotten while its fail2ban was moved over. The
 * longest ban in fail2ban's own configuration is recidive's, a week.
 */
export const ADOPTED_MS = 7 * 24 * 3600 * 1000;

export interface Standing {
  readonly bans: readonly BanIntent[];
  /** Rules in our chains that are no bans of addresses, and without which more or less would be dropped. */
  readonly others: readonly OtherRule[];
}

export interface OtherRule {
  readonly chain: string;
  readonly rule: string;
  /** Its place in the chain; counts from 1, as iptables does. */
  readonly at: number;
}

/** What stands in our chains. */
export function adopt(observed: Observed, { prefix, now }: { prefix: string; now: number }): Standing {
  const bans: BanIntent[] = [];
  const others: OtherRule[] = [];
  for (const [chain, rules] of observed.chains) {
    if (!isOurs(chain, prefix) || chain === denyChain(prefix)) continue;
    const jail = jailOf(chain, prefix);
    const scope = scopeOf(chain, observed);
    const adopted = (ip: Net, until: number): BanIntent => {
      const reason = 'found on the firewall';
      return { intent: 'ban', jail, ip, time: now, until, reason, ...scope };
    };
    const own: BanIntent[] = [];
    const passes: { readonly source: Net; readonly other: OtherRule }[] = [];
    for (const [index, rule] of rules.entries()) {
      if (rule.kind !== 'ours') continue;
      const read = readBanRule(rule, observed);
      const other = { chain, rule: rule.printed, at: index + 1 };
      if (read.kind === 'ban')
        for (const ip of read.sources)
          own.push({ ...adopted(ip, now + ADOPTED_MS), ...narrowed(scope, read.traffic) });
      else if (read.kind === 'pass') passes.push({ source: read.source, other });
      // A chain that none of our jumps leads to is a part of others that do.
      else if (read.kind === 'other-drop' && isEntered(chain, observed, prefix)) others.push(other);
    }
    for (const { ip, left } of membersOf(chain, observed)) {
      const end = left === 0 ? Infinity : left * 1000;
      own.push(adopted(ip, now + Math.min(end, ADOPTED_MS)));
    }
    const wide = own.filter(({ ip }) => ip.prefix < FULL_PREFIX[ip.family]);
    for (const { source, other } of passes)
      if (wide.some(({ ip }) => contains(ip, source))) others.push(other);
    for (const ban of own) bans.push(ban);
  }
  return { bans, others };
}

/** Of a chain that no jail can have, such as one with a letter that is none of ours, one that resembles it. */
function jailOf(chain: string, prefix: string): string {
  const name = chain
    .slice(prefix.length)
    .replace('~', '.')
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return JAIL_NAME.test(name) ? name : 'adopted';
}

/** True where packets come from elsewhere than from a chain of ours, or from one that those use. */
function isEntered(chain: string, { chains }: Observed, prefix: string): boolean {
  const ours = Array.from(chains).filter(([name]) => isOurs(name, prefix));
  const used = new Set(ours.flatMap(([, rules]) => rules.flatMap((rule) => targetOf(rule) ?? [])));
  return Array.from(chains).some(
    ([from, rules]) =>
      !isOurs(from, prefix) &&
      !used.has(from) &&
      rules.some((rule) => rule.kind === 'ours' && rule.jumpsTo === chain),
  );
}

function targetOf(rule: ObservedRule): string | undefined {
  return rule.kind === 'ours' ? (rule.rule?.to ?? rule.strange?.target) : undefined;
}

/** The ports that the rule names itself; without any, those of the jumps. */
function narrowed(scope: Scope, { protocol = '', ports }: RuleTraffic): Scope {
  const protocols = parseProtocols(protocolName(protocol))?.join(',');
  if (protocols === undefined) return scope;
  const parsed = ports === undefined ? undefined : parsePorts(ports, NO_SERVICES);
  if (parsed?.kind === 'ports') return { protocols, ports: formatPorts(parsed.ports) };
  return { protocols, ports: hasPorts(protocols) ? scope.ports : 'all' };
}

function hasPorts(protocols: string): boolean {
  return protocols !== 'icmp' && protocols !== 'all';
}

interface Scope {
  readonly ports: string;
  readonly protocols: string;
}

function membersOf(chain: string, { family, sets, chains }: Observed): readonly ListedMember[] {
  const names = (chains.get(chain) ?? []).flatMap((rule) =>
    rule.kind === 'ours' ? (setLookedInto(rule) ?? []) : [],
  );
  return [...new Set([setOf(chain, family), ...names])].flatMap((name) => {
    const content = sets.get(name)?.content;
    if (content?.kind !== 'listed') return [];
    return Array.from(eachListedMember(content.members));
  });
}

/** What the jumps to the chain let into it, taken together; of several protocols the ports are united. */
function scopeOf(chain: string, observed: Observed): Scope {
  const jumps = Array.from(observed.chains.values())
    .flat()
    .filter((rule): rule is OurRule => rule.kind === 'ours' && rule.jumpsTo === chain);
  let ports: Ports | undefined;
  const protocols = new Set<string>();
  for (const { rule } of jumps) {
    // What a strange one lets in is not known.
    const [these, protocol]: [Ports, string] =
      rule?.match === 'protocol' ? [rule.ports ?? 'all', rule.protocol] : ['all', 'all'];
    ports = ports === undefined ? these : unionPorts(ports, these);
    protocols.add(protocolName(protocol));
  }
  const known = parseProtocols([...protocols].join(','));
  return { ports: formatPorts(ports ?? 'all'), protocols: known?.join(',') ?? 'tcp' };
}
